//! The table. This crate is the only user of the DynamoDB SDK; it knows neither the other edges nor the use cases.
//!
//! Callers read through [`Store::enter`]. A user's changes go through a [`Change`], which requires a scope. Each
//! aggregate has one file, which keeps its stored shape private.

pub mod audit;
pub mod billing;
pub mod bounds;
pub mod due;
pub mod integrations;
pub mod notifications;
pub mod operator;
pub mod outbox;
pub mod partitions;
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

pub use integrations::health::Healths;
pub use notifications::letters::{DeferredLetter, LetterFacts};
pub use runtime::heartbeats::{ContainerFacts, HeartbeatStep};
pub use scope::{OperatorScope, Scope};
pub use table::change::Change;
pub use table::error::{Corrupt, Error};
pub use table::list::List;
pub use table::slot::Slot;
pub use table::store::Store;
pub use workspace::allowances::CreationFacts;
pub use workspace::entry::{Authorized, Entry, Loaded};
