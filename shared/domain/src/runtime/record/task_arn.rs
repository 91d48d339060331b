//! The name of a task.

use serde::{Deserialize, Serialize};

/// The name of a task, as ECS gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskArn(pub String);

impl TaskArn {
    /// Its last part, which names the task within its cluster.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}
