//! The operator who acts.

use domain::{ids::WorkspaceId, text::PersonName};
use store::OperatorScope;
use system_scope::SystemScope;

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
        OperatorScope::of(&SystemScope::of(workspace), self.name.clone(), self.request_id.clone())
    }
}
