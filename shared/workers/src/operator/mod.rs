//! Commands of the operator: contracts, granted trials, suspensions, owners, returned usage, migrations to another
//! version of a plan, the state of a workspace, and search. Also what only the console shows: letters that came back, and
//! dead-letter queues.
//!
//! Only the functions `operator` and `console` call this module. IAM controls who may invoke the one, the group of the staff
//! who reaches the other.

mod actor;
mod change;
mod dead_letters;
mod error;
mod facts;
mod find;
mod letters;
mod migrate;
mod owner;
mod suspend;
mod usage;

pub use actor::ActingOperator;
pub use change::{grant_trial, remove_contract, set_contract};
pub use dead_letters::{
    DeadLetterQueueView, DeadMessageView, QueueError, RedriveView, list_dead_letters, look_at_dead_letters, redrive,
};
pub use error::Error;
pub use facts::{WorkspaceFactsView, describe_workspace};
pub use find::{FoundView, MAX_FOUND, find_workspaces};
pub use letters::{LetterKind, LetterProblem, ReturnedLetterView, letters_of_workspace, letters_to};
pub use migrate::{MAX_LISTED, MigrationDeps, MigrationMode, MigrationView, migrate_customers};
pub use owner::set_owner;
pub use queue::MAX_LOOKED_AT;
pub use suspend::{suspend_workspace, unsuspend_workspace};
pub use usage::return_usage;
