//! The ARN of a task.

use serde::{Deserialize, Serialize};

/// The ARN of a task, as assigned by ECS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskArn(pub String);

impl TaskArn {
    /// The last part of the ARN, which identifies the task within its cluster.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}
