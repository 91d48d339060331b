//! The names in a task's environment and of its tags.

/// What the task's environment calls the numbers of its launch.
pub(super) const GENERATION: &str = "BERTH_GENERATION";
pub(super) const ATTEMPT: &str = "BERTH_ATTEMPT";
pub(super) const WORKSPACE: &str = "BERTH_WORKSPACE_ID";

/// What it calls where it reports to, and the token that it shows there.
pub(super) const REPORTS_TO: &str = "BERTH_RUNTIME_API";
pub(super) const TOKEN: &str = "BERTH_RUNTIME_TOKEN";

/// What the task's tags are called: for whoever looks at tasks, their network interfaces or their cost.
pub(super) const WORKSPACE_TAG: &str = "berth:workspace";
pub(super) const GENERATION_TAG: &str = "berth:generation";
pub(super) const ATTEMPT_TAG: &str = "berth:attempt";
