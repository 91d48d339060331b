//! What can go wrong at the table that is no decision of the domain.

use crate::domain::error::{Kind, Refusal};
use std::error::Error as StdError;

/// A failure of the table, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer in time, or refused for now. Whether a change was made is unknown.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// Other changes to the same items kept coming first. Nothing was changed.
    #[error("too many changes at once; send the same request again")]
    Contended,
    /// The idempotency key came with another request before.
    #[error("this Idempotency-Key was used with another body; use a new key")]
    KeyReused,
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
            Self::Unavailable(_) | Self::Contended => Kind::Unavailable,
            Self::KeyReused => Kind::KeyReused,
            Self::Corrupt(_) | Self::Defect(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Contended => "contended",
            Self::KeyReused => "idempotency_key_reused",
            Self::Corrupt(_) | Self::Defect(_) => "internal",
        }
    }
}
