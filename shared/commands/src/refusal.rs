//! Refusals of commands.

use domain::error::{CollectedError, Kind, Verdict};
use workers::operator::Error;

/// A command that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandRefusal {
    /// The command cannot be read.
    #[error("{0}")]
    Invalid(String),
    /// The body is too large for any command.
    #[error("the command is larger than 16 KiB")]
    TooLarge,
    /// The AWS identity has no name.
    #[error("the AWS identity names nobody; call with a user, or with a role whose session has a name")]
    Unnamed,
    /// A command to one workspace failed.
    #[error(transparent)]
    Command(#[from] Error),
    /// The doctor failed.
    #[error(transparent)]
    Doctor(#[from] shared::doctor::Error),
}

impl CollectedError for CommandRefusal {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Invalid(_) => Verdict::Own(Kind::Invalid, "invalid_command"),
            Self::TooLarge => Verdict::Own(Kind::TooLarge, "body_too_large"),
            Self::Unnamed => Verdict::Own(Kind::Unauthenticated, "unauthenticated"),
            Self::Command(inner) => Verdict::Of(inner),
            Self::Doctor(inner) => Verdict::Of(inner),
        }
    }
}
