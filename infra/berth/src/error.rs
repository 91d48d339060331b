//! Reasons why a command fails. Each is a line that says what to do.

use crate::{definitions::NoPlace, stripe};
use std::io;

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Reason why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line is invalid.
    #[error("{0}; `cargo berth --help` lists the commands")]
    Usage(String),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Cause.
        source: io::Error,
    },
    /// Mistakes in the catalogue or its lock, each with its file and line; or reasons why it cannot be pushed.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
    /// The template has no place for the task definitions.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// The template has other task definitions.
    #[error("{0}: the task definitions are not those of the plans; run `cargo berth plans generate`")]
    Stale(String),
    /// There is no API key.
    #[error(
        "there is no API key; set the variable STRIPE_API_KEY, or add --key-stdin and write the key to the standard input"
    )]
    NoKey,
    /// Stripe refuses, or does not answer.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
    /// The person did not confirm.
    #[error("nothing was changed; answer `y`, or add --yes")]
    NotConfirmed,
    /// Stripe is not as the catalogue wants it, although every change was made.
    #[error("Stripe still differs from the catalogue, as another push may be running; run the same command again")]
    Unsettled,
}

impl Error {
    /// Returns a function for `map_err` that makes an [`Error::File`].
    pub fn file(path: impl ToString) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_string(), source }
    }
}
