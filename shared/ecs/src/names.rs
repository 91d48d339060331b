//! Names of a task's containers, environment variables and tags.

/// Name of the container in the task definitions that reports, and gets the environment of the launch.
pub const CONTAINER: &str = "runtime";

/// Name of the container in which plugins run, without the environment of the launch.
pub const PLUGINS: &str = "plugins";

/// Environment variables that identify the launch.
pub(super) const GENERATION: &str = "BERTH_GENERATION";
pub(super) const ATTEMPT: &str = "BERTH_ATTEMPT";
pub(super) const WORKSPACE: &str = "BERTH_WORKSPACE_ID";

/// Environment variables with the URL to which the task reports, and its token.
pub(super) const REPORTS_TO: &str = "BERTH_RUNTIME_API";
pub(super) const TOKEN: &str = "BERTH_RUNTIME_TOKEN";

/// Tags of the task, for operators who look at tasks, network interfaces or costs.
pub(super) const WORKSPACE_TAG: &str = "berth:workspace";
pub(super) const GENERATION_TAG: &str = "berth:generation";
pub(super) const ATTEMPT_TAG: &str = "berth:attempt";
