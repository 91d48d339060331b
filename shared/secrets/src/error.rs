//! Errors of reading and writing secrets.

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use domain::{
    billing::stripe::signature::NoSecret,
    error::{Kind, Refusal},
    secret::InvalidSecret,
    team::invitation_token::KeyTooShort,
};
use platform::aws::CallFailed;

/// Reason for which a secret cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Secrets Manager did not answer, or refused temporarily.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The secret has no value.
    #[error("something went wrong on our side")]
    Absent,
    /// Secrets Manager refused a request that Berth should not have made.
    #[error("something went wrong on our side")]
    Defect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The secret is too short for a key.
    #[error("something went wrong on our side")]
    KeyTooShort(#[source] KeyTooShort),
    /// The secret is empty.
    #[error("something went wrong on our side")]
    Empty(#[source] NoSecret),
    /// The secret does not have the expected shape.
    #[error("something went wrong on our side")]
    Unreadable(#[source] InvalidSecret),
}

impl Error {
    /// Converts a failed call. A request that Secrets Manager refuses as malformed or not allowed is a defect of Berth;
    /// every other failure may be temporary.
    pub(super) fn of<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Self {
        let source = CallFailed::new("Secrets Manager", error).into();
        match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some(
                "AccessDeniedException"
                | "InvalidParameterException"
                | "MalformedPolicyDocumentException"
                | "ResourceNotFoundException"
                | "ValidationException",
            ) => Self::Defect(source),
            Some(_) | None => Self::Unavailable(source),
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Absent | Self::Defect(_) | Self::KeyTooShort(_) | Self::Empty(_) | Self::Unreadable(_) => {
                Kind::Internal
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Absent | Self::Defect(_) | Self::KeyTooShort(_) | Self::Empty(_) | Self::Unreadable(_) => "internal",
        }
    }
}
