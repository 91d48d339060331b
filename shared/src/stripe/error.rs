//! What a failure of Stripe means: whether what was asked for may have been done, and whether to ask again.

use crate::domain::error::{Kind, Refusal};
use stripe::{ApiErrorsCode, ApiErrorsType, StripeError};

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
pub(super) fn passes(error: &StripeError) -> bool {
    match error {
        StripeError::Stripe(error, status) => {
            *status == 429
                || error.code == Some(ApiErrorsCode::IdempotencyKeyInUse)
                || error.code == Some(ApiErrorsCode::LockTimeout)
        }
        StripeError::JSONDeserialize(_)
        | StripeError::ClientError(_)
        | StripeError::ConfigError(_)
        | StripeError::Timeout => false,
    }
}

impl Error {
    pub(super) fn of(error: StripeError) -> Self {
        let passes = passes(&error);
        match error {
            StripeError::Stripe(error, status) => {
                let code = error.code.as_ref().map_or("no code", |code| code.as_str());
                let source = format!("Stripe answered {status}, {}, {code}", error.type_.as_str()).into();
                match status {
                    _ if passes => Self::Busy(source),
                    401 | 403 => Self::KeyRefused,
                    404 => Self::Absent(source),
                    500.. => Self::Failed(source),
                    // The same key with other parameters: what became of the first is to be found out.
                    _ if error.type_ == ApiErrorsType::IdempotencyError => Self::Failed(source),
                    _ if error.code == Some(ApiErrorsCode::ResourceMissing) => Self::Absent(source),
                    _ => Self::Refused(source),
                }
            }
            StripeError::JSONDeserialize(_) => Self::Unanswered("Stripe gave an answer that could not be read".into()),
            StripeError::ClientError(_) => Self::Unanswered("Stripe could not be reached".into()),
            StripeError::ConfigError(_) => Self::KeyRefused,
            StripeError::Timeout => Self::Unanswered("Stripe did not answer in time".into()),
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
