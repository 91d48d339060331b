//! What the operator can ask of a workspace, in addition to its members: contracts, days on trial, suspensions, how it
//! is, and which one it is.
//!
//! The function `operator` is the only one that calls this; IAM says who may invoke it.

mod change;
mod error;
mod facts;
mod find;
mod person;
mod suspend;
mod usage;

pub use change::{grant_trial, remove_contract, set_contract};
pub use error::Error;
pub use facts::{FactsView, facts};
pub use find::{FoundView, MOST_FOUND, find};
pub use person::Operator;
pub use suspend::{suspend, unsuspend};
pub use usage::return_usage;
