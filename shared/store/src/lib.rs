//! The table. The only user of the DynamoDB SDK; it knows neither the other edges nor the use cases.
//!
//! What a caller reads comes through [`Store::enter`]; what a person changes goes through a [`Change`], which needs a
//! scope. One file for each aggregate keeps its stored shape to itself.

pub mod audit;
pub mod billing;
pub mod bounds;
pub mod due;
pub mod integrations;
pub mod notifications;
pub mod operator;
pub mod outbox;
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
pub use notifications::letters::{BeforeLetter, Deferral};
pub use runtime::heartbeats::{Known, Rested};
pub use scope::{OperatorScope, Scope};
pub use table::change::Change;
pub use table::error::{Corrupt, Error};
pub use table::list::List;
pub use table::slot::Slot;
pub use table::store::Store;
pub use workspace::allowances::BeforeFounding;
pub use workspace::entry::{Entry, Inside, Read};
