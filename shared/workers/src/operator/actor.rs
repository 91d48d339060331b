//! The acting operator.

use domain::{ids::WorkspaceId, text::PersonName};
use store::OperatorScope;
use system_scope::SystemScope;

/// A person of the operator's team, and the invocation in which they act.
#[derive(Debug, Clone)]
pub struct ActingOperator {
    /// Name as stated by the operator; not verified.
    pub name: PersonName,
    /// Id of the invocation.
    pub request_id: String,
}

impl ActingOperator {
    /// Returns the scope in which the operator acts in `workspace`.
    #[must_use]
    pub fn scope(&self, workspace: WorkspaceId) -> OperatorScope {
        OperatorScope::of(&SystemScope::of(workspace), self.name.clone(), self.request_id.clone())
    }
}
