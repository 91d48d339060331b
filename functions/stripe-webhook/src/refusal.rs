//! The reasons to refuse an event. Stripe sends an event again, for up to three days, until the answer is a success.
//! <https://docs.stripe.com/webhooks#automatic-retries>

use domain::{
    billing::stripe::event::InvalidEvent,
    billing::stripe::signature::SignatureError,
    error::{CollectedError, Kind, Verdict},
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

impl CollectedError for WebhookError {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Signature(inner) => Verdict::Of(inner),
            Self::InvalidEvent(inner) => Verdict::Of(inner),
            Self::TooLarge => Verdict::Own(Kind::TooLarge, "body_too_large"),
            Self::Secret(_) => Verdict::Own(Kind::Internal, "secret_unreadable"),
            Self::Queue(_) => Verdict::Own(Kind::Internal, "queue_refused"),
        }
    }
}
