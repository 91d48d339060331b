//! What can go wrong at the table that is no decision of the domain.

use domain::error::{Kind, Refusal};
use std::error::Error as StdError;

/// A failure of the table, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer a read in time, or refused for now.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// The table did not answer a change in time, or failed: it may have been made.
    #[error(
        "it is not known whether this was done; look before you send it again, or send it with its Idempotency-Key"
    )]
    OutcomeUnknown(#[source] Box<dyn StdError + Send + Sync>),
    /// What the workspace pays for was changed while a change was decided on it. Nothing was changed.
    #[error("what the workspace pays for was changed in the meantime; send the same request again")]
    BillingChanged,
    /// Other changes to the same items kept coming first. Nothing was changed.
    #[error("too many changes at once; send the same request again")]
    Contended,
    /// The idempotency key came with another request before.
    #[error("this Idempotency-Key was used with another body; use a new key")]
    KeyReused,
    /// The command came before under the same idempotency key, and is not done yet.
    #[error("this command is under way; send it again in a moment, with the same Idempotency-Key")]
    UnderWay,
    /// An item is not of the shape that was written.
    #[error("something went wrong on our side")]
    Corrupt(#[source] Corrupt),
    /// The table refused a request that Berth should not have made.
    #[error("something went wrong on our side")]
    Defect(#[source] Box<dyn StdError + Send + Sync>),
}

/// An item that is not of the shape that was written. The shape alone is told: the values may hold an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an item is no {wanted} of version {version}")]
pub struct Corrupt {
    /// What was expected there.
    pub wanted: &'static str,
    /// The version of its shape.
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
            Self::UnderWay => Kind::Conflict,
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
            Self::UnderWay => "command_under_way",
            Self::Corrupt(_) | Self::Defect(_) => "internal",
        }
    }
}
