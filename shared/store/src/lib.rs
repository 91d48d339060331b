//! The table. This crate is the only user of the DynamoDB SDK; it knows neither the other edges nor the use cases.
//!
//! Callers read through [`Store::enter`]. A user's changes go through a [`Change`], which requires a scope. Each
//! aggregate has one file, which keeps its stored shape private.
//!
//! Every read and every commit returns [`Error`] if the table fails. A function that adds a write to a change returns
//! [`Error::Defect`] if its item cannot be encoded. One that authorizes its caller returns
//! [`Denied`](domain::identity::denied::Denied) if they may not take the action. Where the result has an error of the
//! caller's, these are converted to it. A section `# Errors` names what a function returns in addition.

#![expect(clippy::missing_errors_doc, reason = "the page of the crate states the error of every call")]

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod billing;
pub mod bounds;
pub mod due;
pub mod export;
pub mod integrations;
pub mod live;
pub mod notifications;
pub mod operator;
pub mod outbox;
pub mod partitions;
pub mod retention;
pub mod runtime;
#[cfg(test)]
mod samples;
mod scope;
pub mod table;
pub mod team;
#[cfg(test)]
mod tests;
pub mod usage;
pub mod workspace;

pub use accounts::AccountFacts;
pub use audit::head::KnownHead;
pub use bounds::reservations::{Reservation, Turn};
pub use integrations::health::Healths;
pub use notifications::letters::{AdminFacts, DeferredLetter, LetterFacts};
pub use runtime::heartbeats::{ContainerFacts, HeartbeatStep};
pub use scope::{KeyProof, OperatorScope, Scope};
pub use table::change::Change;
pub use table::error::{Corrupt, Error};
pub use table::list::List;
pub use table::slot::Slot;
pub use table::store::Store;
pub use workspace::allowances::CreationFacts;
pub use workspace::entry::{Admitted, Authorized, Entry, Loaded};
