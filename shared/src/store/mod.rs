//! The table. The only user of the DynamoDB SDK; it knows neither the other edges nor the use cases.
//!
//! What a caller reads comes through [`Store::enter`]; what a person changes goes through a [`Change`], which needs a
//! scope. One file for each aggregate keeps its stored shape to itself.

pub mod addresses;
mod allowances;
pub mod audit;
pub mod billing;
mod books;
mod budgets;
mod calls;
mod change;
pub mod comparison;
mod condition;
pub mod deletions;
pub mod deliveries;
pub mod due;
mod endings;
mod entry;
mod error;
pub mod find;
mod health;
mod heartbeats;
pub mod idempotency;
mod integrations;
pub mod invitations;
mod item;
mod keys;
mod letters;
mod list;
pub mod members;
mod offers;
pub mod operator;
mod orphans;
pub mod outbox;
mod paces;
mod presence;
mod recipients;
pub mod remains;
pub mod revocations;
mod roster;
pub mod runtimes;
#[cfg(test)]
mod samples;
pub mod suspension_letters;
#[cfg(test)]
mod tests;
mod transaction;
pub mod usage;
pub mod users;
pub mod workspaces;

pub use allowances::BeforeFounding;
pub use change::Change;
pub use entry::{Entry, Inside, Read, Slot};
pub use error::{Corrupt, Error};
pub use health::Healths;
pub use heartbeats::{Known, Rested};
pub use letters::{BeforeLetter, Deferral};
pub use list::List;

use crate::ambient::Ambient;
use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;

/// The table, with the clock and the random numbers that its changes need.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: String,
    ambient: Ambient,
}

impl Store {
    /// The table called `table`.
    #[must_use]
    pub fn new(config: &SdkConfig, table: String, ambient: Ambient) -> Self {
        Self { client: Client::new(config), table, ambient }
    }

    /// The clock and the random numbers.
    #[must_use]
    pub const fn ambient(&self) -> &Ambient {
        &self.ambient
    }
}
