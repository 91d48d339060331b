//! Why an event is not taken. Stripe sends again what is not answered with a success, for up to three days.
//! <https://docs.stripe.com/webhooks#automatic-retries>

use domain::{
    billing::stripe::event::NoEvent,
    billing::stripe::signature::SignatureError,
    error::{Kind, Refusal},
};

/// The longest body that is taken, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// Why an event is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// Its body is too long.
    #[error("the body must have at most {MAX_BODY} bytes")]
    TooLarge,
    /// It does not come from Stripe, or not now.
    #[error("{0}")]
    Signature(SignatureError),
    /// Stripe has signed something else.
    #[error("{0}")]
    NoEvent(NoEvent),
    /// There is nothing to verify it with.
    #[error("the signature cannot be verified now; send the event again")]
    Secret(#[source] secrets::Error),
    /// The queue did not take it, or did not say so.
    #[error("the event was not queued; send it again")]
    Queue(#[source] queue::Error),
}

impl Refusal for Refused {
    fn kind(&self) -> Kind {
        match self {
            Self::TooLarge => Kind::TooLarge,
            Self::Signature(error) => error.kind(),
            Self::NoEvent(error) => error.kind(),
            Self::Secret(_) | Self::Queue(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large",
            Self::Signature(error) => error.code(),
            Self::NoEvent(error) => error.code(),
            Self::Secret(_) => "secret_unreadable",
            Self::Queue(_) => "queue_refused",
        }
    }
}
