//! Failures of the table. Decisions of the domain have their own errors.

use domain::error::{Kind, Refusal};
use std::error::Error as StdError;

/// A failure of the table, or an item that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer a read in time, or refused it temporarily.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// The table did not answer a change in time, or failed. The change may have been made.
    #[error(
        "the outcome of this request is not known; check before repeating it, or repeat it with the same Idempotency-Key"
    )]
    OutcomeUnknown(#[source] Box<dyn StdError + Send + Sync>),
    /// The workspace's billing changed after the decision that depended on it. Nothing was changed.
    #[error("the workspace's subscription changed in the meantime; send the same request again")]
    BillingChanged,
    /// Concurrent changes to the same items kept coming first. Nothing was changed.
    #[error("too many concurrent changes; send the same request again")]
    Contended,
    /// The idempotency key was used for another request.
    #[error("this Idempotency-Key was already used with a different body; use a new key")]
    KeyReused,
    /// The command was received under the same idempotency key and has not finished.
    #[error("this command is still in progress; send it again shortly with the same Idempotency-Key")]
    InProgress,
    /// An item does not have the expected shape.
    #[error("something went wrong on our side")]
    Corrupt(#[source] Corrupt),
    /// The table refused a request that Berth should not have made.
    #[error("something went wrong on our side")]
    Defect(#[source] Box<dyn StdError + Send + Sync>),
}

/// An item that does not have the expected shape. The error names the shape only, since the values may hold an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an item is no {wanted} of version {version}")]
pub struct Corrupt {
    /// Type that was expected.
    pub wanted: &'static str,
    /// Version of the expected shape.
    pub version: u32,
}

impl From<Corrupt> for Error {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) | Self::OutcomeUnknown(_) | Self::BillingChanged | Self::Contended => {
                Kind::Unavailable
            }
            Self::KeyReused => Kind::KeyReused,
            Self::InProgress => Kind::Conflict,
            Self::Corrupt(_) | Self::Defect(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::OutcomeUnknown(_) => "outcome_unknown",
            Self::BillingChanged => "billing_changed",
            Self::Contended => "contended",
            Self::KeyReused => "idempotency_key_reused",
            Self::InProgress => "command_under_way",
            Self::Corrupt(_) | Self::Defect(_) => "internal",
        }
    }
}
