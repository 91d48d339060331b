//! What the operator does to a workspace of the test world.

use super::World;
use domain::ids::WorkspaceId;
use workers::operator::{Operator, suspend, unsuspend};

impl World {
    /// The operator suspends `workspace` for `reason`.
    pub async fn suspend(&self, workspace: WorkspaceId, reason: &str) {
        suspend(&self.store(), &operator(), workspace, reason.parse().unwrap()).await.unwrap();
    }

    /// The operator ends the suspension of `workspace`.
    pub async fn unsuspend(&self, workspace: WorkspaceId) {
        let reason = "It was a mistake.".parse().unwrap();
        unsuspend(&self.store(), &operator(), workspace, &reason).await.unwrap();
    }

    /// The operator suspends `workspace` once the next call of `operation` is answered, and before the answer arrives.
    pub fn suspend_after(&self, operation: &str, workspace: WorkspaceId) {
        let suspension = serde_json::json!({"M": {
            "reason": {"S": "Spam"}, "at": {"S": self.clock.now().to_string()}, "by": {"S": "Jane Doe"},
        }});
        self.after(operation, workspace, "META", "suspended", suspension);
    }
}

fn operator() -> Operator {
    Operator { name: "Jane Doe".parse().unwrap(), request_id: "suspension".to_owned() }
}
