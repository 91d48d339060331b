//! Actions of the operator on a workspace of the test world.

use super::World;
use domain::ids::WorkspaceId;
use workers::operator::{ActingOperator, suspend_workspace, unsuspend_workspace};

impl World {
    /// Suspends `workspace` for `reason`, as the operator.
    pub async fn suspend(&self, workspace: WorkspaceId, reason: &str) {
        suspend_workspace(&self.store(), &operator(), workspace, reason.parse().unwrap()).await.unwrap();
    }

    /// Ends the suspension of `workspace`, as the operator.
    pub async fn unsuspend(&self, workspace: WorkspaceId) {
        let operator = operator().because(Some("It was a mistake.".parse().unwrap()));
        unsuspend_workspace(&self.store(), &operator, workspace).await.unwrap();
    }

    /// Suspends `workspace` after the next call of `operation` was executed, before its response arrives.
    pub fn suspend_after(&self, operation: &str, workspace: WorkspaceId) {
        let suspension = serde_json::json!({"M": {
            "reason": {"S": "Spam"}, "at": {"S": self.clock.now().to_string()}, "by": {"S": "Jane Doe"},
        }});
        self.after(operation, workspace, "META", "suspended", suspension);
    }
}

fn operator() -> ActingOperator {
    ActingOperator::named("Jane Doe".parse().unwrap(), "suspension".to_owned())
}
