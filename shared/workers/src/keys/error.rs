//! Errors of API keys without a caller.

use domain::{identity::denied::Denied, keys::error::KeyError};

/// An error of an API key without a caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The scope is no longer valid.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The key has changed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
