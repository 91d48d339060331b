//! Errors of Stripe. They say whether the request may have taken effect and whether to repeat it.

use super::shapes;
use domain::error::{Kind, Refusal};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// An error of Stripe. Its sources name status, type and code, never Stripe's own message, which may echo the request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no readable answer. The request may have taken effect; repeating it with the same idempotency key is
    /// safe.
    #[error("the payment provider does not answer; send the same request again")]
    Unanswered(#[source] Source),
    /// Stripe is busy, or processes the same request concurrently. This attempt had no effect.
    #[error("the payment provider is busy; send the same request again")]
    Busy(#[source] Source),
    /// Stripe failed, and fails the same way with the same idempotency key for a day. The request may have taken
    /// effect.
    #[error("the payment provider has failed; send the same request again")]
    Failed(#[source] Source),
    /// Stripe refuses the request.
    #[error("something went wrong on our side")]
    Refused(#[source] Source),
    /// The object does not exist.
    #[error("something went wrong on our side")]
    Absent(#[source] Source),
    /// The API key is invalid or lacks a permission.
    #[error("payments are not set up correctly; contact the operator of this service")]
    KeyRefused,
}

/// Returns true if the request had no effect and may succeed if repeated soon.
/// <https://docs.stripe.com/error-low-level#idempotency>
fn passes(status: u16, refusal: &shapes::Refusal) -> bool {
    status == 429 || matches!(refusal.code.as_deref(), Some("idempotency_key_in_use" | "lock_timeout"))
}

impl Error {
    /// Converts an answer with an error status.
    pub(super) fn of(status: u16, refusal: &shapes::Refusal) -> Self {
        // Type and code come from Stripe or from a proxy in front of it, so only known forms are shown.
        let known = |word: &str| word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let shown = |word: Option<&str>| word.filter(|word| known(word)).unwrap_or("none").to_owned();
        let (kind, code) = (refusal.kind.as_str(), refusal.code.as_deref());
        let source = format!("Stripe answered {status}, type {}, code {}", shown(Some(kind)), shown(code)).into();
        match status {
            _ if passes(status, refusal) => Self::Busy(source),
            401 | 403 => Self::KeyRefused,
            404 => Self::Absent(source),
            500.. => Self::Failed(source),
            // The idempotency key was used with other parameters. The effect of the first request is unknown.
            _ if kind == "idempotency_error" => Self::Failed(source),
            _ if code == Some("resource_missing") => Self::Absent(source),
            _ => Self::Refused(source),
        }
    }
}

impl Error {
    /// Returns true if the same request may succeed later.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unanswered(_) | Self::Busy(_) | Self::Failed(_) | Self::KeyRefused => true,
            Self::Refused(_) | Self::Absent(_) => false,
        }
    }

    /// Status, type and code of Stripe's answer, or the reason for which there is none.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Unanswered(source)
            | Self::Busy(source)
            | Self::Failed(source)
            | Self::Refused(source)
            | Self::Absent(source) => source.to_string(),
            Self::KeyRefused => self.to_string(),
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
