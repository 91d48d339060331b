//! What the operator can ask of a workspace, in addition to its members: contracts, days on trial, suspensions, how it
//! is, and which one it is.
//!
//! The function `operator` is the only one that calls this; IAM says who may invoke it.

mod change;
mod error;
mod facts;
mod find;
mod suspend;
mod usage;

pub use change::{grant_trial, remove_contract, set_contract};
pub use error::Error;
pub use facts::{FactsView, facts};
pub use find::{FoundView, MOST_FOUND, find};
pub use suspend::{suspend, unsuspend};
pub use usage::return_usage;

use domain::{identity::scope::OperatorScope, ids::WorkspaceId, text::PersonName};

/// Somebody of those who run the service, and the invocation that he acts in.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Who he says he is.
    pub name: PersonName,
    /// The id of the invocation.
    pub request_id: String,
}

impl Operator {
    /// The proof that he acts in `workspace`.
    #[must_use]
    pub fn scope(&self, workspace: WorkspaceId) -> OperatorScope {
        OperatorScope::of(workspace, self.name.clone(), self.request_id.clone())
    }
}
