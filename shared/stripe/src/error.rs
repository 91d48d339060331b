//! What a failure of Stripe means: whether what was asked for may have been done, and whether to ask again.

use super::shapes;
use domain::error::{Kind, Refusal};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failure of Stripe. Its sources name status, type and code, never Stripe's own words: they may repeat what was sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer came, or none that could be read: it may have been done. The same key tells.
    #[error("the payment provider does not answer; send the same request again")]
    Unanswered(#[source] Source),
    /// It is too busy, or is just doing the same for somebody else: this time nothing was done.
    #[error("the payment provider is busy; send the same request again")]
    Busy(#[source] Source),
    /// It failed; under the same key it will fail the same way for a day. It may have been done.
    #[error("the payment provider has failed; send the same request again")]
    Failed(#[source] Source),
    /// It refuses what was asked for.
    #[error("something went wrong on our side")]
    Refused(#[source] Source),
    /// There is no such object.
    #[error("something went wrong on our side")]
    Absent(#[source] Source),
    /// The key for it is wrong, or must not do this.
    #[error("payments are not set up correctly; tell whoever runs this service")]
    KeyRefused,
}

/// Whether the same request may succeed in a moment, and nothing was done this time.
/// <https://docs.stripe.com/error-low-level#idempotency>
fn passes(status: u16, refusal: &shapes::Refusal) -> bool {
    status == 429 || matches!(refusal.code.as_deref(), Some("idempotency_key_in_use" | "lock_timeout"))
}

impl Error {
    /// What an answer that is not a success means.
    pub(super) fn of(status: u16, refusal: &shapes::Refusal) -> Self {
        // Both are words of Stripe's own, or of whatever stands before it.
        let known = |word: &str| word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let told = |word: Option<&str>| word.filter(|word| known(word)).unwrap_or("none").to_owned();
        let (kind, code) = (refusal.kind.as_str(), refusal.code.as_deref());
        let source = format!("Stripe answered {status}, type {}, code {}", told(Some(kind)), told(code)).into();
        match status {
            _ if passes(status, refusal) => Self::Busy(source),
            401 | 403 => Self::KeyRefused,
            404 => Self::Absent(source),
            500.. => Self::Failed(source),
            // The same key with other parameters: what became of the first is to be found out.
            _ if kind == "idempotency_error" => Self::Failed(source),
            _ if code == Some("resource_missing") => Self::Absent(source),
            _ => Self::Refused(source),
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unanswered(_) | Self::Busy(_) | Self::Failed(_) | Self::KeyRefused => Kind::Unavailable,
            Self::Refused(_) | Self::Absent(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unanswered(_) | Self::Busy(_) | Self::Failed(_) => "payments_unavailable",
            Self::KeyRefused => "payments_not_set_up",
            Self::Refused(_) | Self::Absent(_) => "internal",
        }
    }
}
