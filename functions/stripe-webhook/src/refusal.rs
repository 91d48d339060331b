//! The reasons to refuse an event. Stripe sends an event again, for up to three days, until the answer is a success.
//! <https://docs.stripe.com/webhooks#automatic-retries>

use domain::{
    billing::stripe::event::InvalidEvent,
    billing::stripe::signature::SignatureError,
    error::{Kind, Refusal},
};

/// The maximum size of a body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// The reasons to refuse an event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebhookError {
    /// The body is too long.
    #[error("the body must have at most {MAX_BODY} bytes")]
    TooLarge,
    /// The signature is not Stripe's, or too old.
    #[error("{0}")]
    Signature(SignatureError),
    /// The signed body is not an event.
    #[error("{0}")]
    InvalidEvent(InvalidEvent),
    /// The signing secret could not be read.
    #[error("the signature cannot be verified now; send the event again")]
    Secret(#[source] secrets::Error),
    /// The queue did not accept the event, or its answer was lost.
    #[error("the event was not queued; send it again")]
    Queue(#[source] queue::Error),
}

impl Refusal for WebhookError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooLarge => Kind::TooLarge,
            Self::Signature(error) => error.kind(),
            Self::InvalidEvent(error) => error.kind(),
            Self::Secret(_) | Self::Queue(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large",
            Self::Signature(error) => error.code(),
            Self::InvalidEvent(error) => error.code(),
            Self::Secret(_) => "secret_unreadable",
            Self::Queue(_) => "queue_refused",
        }
    }
}
