//! Why a secret cannot be read or kept.

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use domain::{
    billing::stripe::signature::NoSecret,
    error::{Kind, Refusal},
    secret::InvalidSecret,
    team::invitation_token::KeyTooShort,
};
use platform::aws::CallFailed;

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Secrets Manager did not give it.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It has no value.
    #[error("something went wrong on our side")]
    Absent,
    /// Secrets Manager refused a request that Berth should not have made.
    #[error("something went wrong on our side")]
    Defect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is not fit to be a key.
    #[error("something went wrong on our side")]
    Unfit(#[source] KeyTooShort),
    /// It is empty.
    #[error("something went wrong on our side")]
    Empty(#[source] NoSecret),
    /// It is not of the shape that was kept.
    #[error("something went wrong on our side")]
    Unreadable(#[source] InvalidSecret),
}

impl Error {
    /// What a call that failed means. What Secrets Manager itself refuses as malformed or not allowed is a defect of ours;
    /// everything else may pass.
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
            Self::Absent | Self::Defect(_) | Self::Unfit(_) | Self::Empty(_) | Self::Unreadable(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Absent | Self::Defect(_) | Self::Unfit(_) | Self::Empty(_) | Self::Unreadable(_) => "internal",
        }
    }
}
