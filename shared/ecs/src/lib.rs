//! ECS client that launches, describes and stops Fargate tasks. It does not know the wanted state of runtimes.
//!
//! Every call returns [`Error`] if ECS fails. A section `# Errors` names what a function returns in addition.

#![expect(clippy::missing_errors_doc, reason = "the page of the crate states the error of every call")]

mod config;
mod names;
mod read;

pub use config::{Cluster, Tasks};
pub use names::{CONTAINER, PLUGINS};

use aws_sdk_ecs::{
    error::{ProvideErrorMetadata, SdkError},
    operation::run_task::RunTaskError,
    types::{
        AwsVpcConfiguration, ContainerOverride, KeyValuePair, LaunchType, NetworkConfiguration, Tag, TaskOverride,
    },
};
use domain::{
    ids::WorkspaceId,
    plans::size::Size,
    runtime::reconcile::{Launch, LaunchNumber, LaunchRefusal, Task},
    runtime::record::TaskArn,
    workspace::search::TaskId,
};
use names::{ATTEMPT, ATTEMPT_TAG, GENERATION, GENERATION_TAG, REPORTS_TO, TOKEN, WORKSPACE, WORKSPACE_TAG};
use platform::aws::CallFailed;

/// Part of each task's size that belongs to [`CONTAINER`]. The rest belongs to [`PLUGINS`].
pub const REPORTER: Size = Size { cpu_units: 64, memory_mib: 192 };

/// Maximum number of tasks that one call describes.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html>
const DESCRIBED: usize = 100;

/// A failed call to ECS. Its effect is unknown; the same call may be repeated.
#[derive(Debug, thiserror::Error)]
#[error("the call to ECS failed")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// A task that was found in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTask {
    /// Value of `startedBy`; the workspace id for tasks that Berth launched.
    pub started_by: String,
    /// The task.
    pub task: Task,
}

/// The outcome of a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunTaskOutcome {
    /// The task exists, launched by this call or by an earlier one with the same client token.
    Task(TaskArn),
    /// No task was launched.
    Refused(LaunchRefusal),
}

impl Tasks {
    /// Launches the task of `launch`, which gets `token` in its environment. A repeated call with the same launch
    /// returns the same task for 24 hours, even if the task has stopped.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html>
    ///
    /// # Errors
    /// [`Error`] if the outcome is unknown.
    pub async fn run(&self, workspace: WorkspaceId, launch: &Launch, token: String) -> Result<RunTaskOutcome, Error> {
        let network = AwsVpcConfiguration::builder()
            .subnets(&launch.placement.subnet)
            .security_groups(&self.security_group)
            .assign_public_ip(self.public_ip.clone())
            .build()
            .map_err(|error| Error(error.into()))?;
        let attempt = launch.attempt;
        let environment = [
            (WORKSPACE, workspace.to_string()),
            (GENERATION, attempt.generation.to_string()),
            (ATTEMPT, attempt.number.to_string()),
            (REPORTS_TO, self.reports_to.clone()),
            (TOKEN, token),
        ];
        let tags = [
            (WORKSPACE_TAG, workspace.to_string()),
            (GENERATION_TAG, attempt.generation.to_string()),
            (ATTEMPT_TAG, attempt.number.to_string()),
        ];
        let tags = tags.into_iter().map(|(name, value)| Tag::builder().key(name).value(value).build());
        let environment =
            environment.into_iter().map(|(name, value)| KeyValuePair::builder().name(name).value(value).build());
        let container = ContainerOverride::builder().name(CONTAINER).set_environment(Some(environment.collect()));
        let mut overrides = TaskOverride::builder().container_overrides(container.build());
        // The size is named although a task definition has one, because sizes of contracts are in none.
        if let Some(Size { cpu_units, memory_mib }) = launch.shape.size {
            let rest = |all: u32, part| i32::try_from(all.saturating_sub(part)).unwrap_or(i32::MAX);
            let plugins = ContainerOverride::builder()
                .name(PLUGINS)
                .cpu(rest(cpu_units, REPORTER.cpu_units))
                .memory(rest(memory_mib, REPORTER.memory_mib));
            let size = overrides.cpu(cpu_units.to_string()).memory(memory_mib.to_string());
            overrides = size.container_overrides(plugins.build());
        }
        let answer = self
            .cluster
            .client
            .run_task()
            .cluster(&self.cluster.name)
            .task_definition(&launch.placement.task_definition)
            .launch_type(LaunchType::Fargate)
            .count(1)
            .started_by(workspace.to_string())
            .set_tags(Some(tags.collect()))
            .enable_ecs_managed_tags(true)
            .client_token(client_token(workspace, attempt))
            .network_configuration(NetworkConfiguration::builder().awsvpc_configuration(network).build())
            .overrides(overrides.build())
            .send()
            .await;
        match answer {
            Ok(output) => match output.tasks().iter().find_map(|task| task.task_arn()) {
                Some(task) => Ok(RunTaskOutcome::Task(TaskArn(task.to_owned()))),
                // Without a task and without an error, the reason is among the failures.
                None => Ok(RunTaskOutcome::Refused(read::refusal(output.failures()))),
            },
            Err(error) => outcome_of(&error).ok_or_else(|| Error(CallFailed::new("ECS", &error).into())),
        }
    }

    /// See [`Cluster::tasks_of`].
    pub async fn tasks_of(&self, workspace: WorkspaceId, named: &[&TaskArn]) -> Result<Vec<Task>, Error> {
        self.cluster.tasks_of(workspace, named).await
    }

    /// Returns a page of all tasks in the cluster whose desired status is running, with their `startedBy`, and the
    /// token of the next page.
    pub async fn list_tasks(&self, after: Option<String>) -> Result<(Vec<FoundTask>, Option<String>), Error> {
        let list = self.cluster.client.list_tasks().cluster(&self.cluster.name).set_next_token(after);
        let page = list.send().await.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
        let arns = page.task_arns.unwrap_or_default();
        if arns.is_empty() {
            return Ok((Vec::new(), page.next_token));
        }
        let described =
            self.cluster.client.describe_tasks().cluster(&self.cluster.name).set_tasks(Some(arns)).send().await;
        let described = described.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
        let found = described.tasks().iter().filter_map(|task| {
            let started_by = task.started_by().unwrap_or_default().to_owned();
            Some(FoundTask { started_by, task: read::task(task, &self.cluster.ambient)? })
        });
        Ok((found.collect(), page.next_token))
    }

    /// Stops a task. A task that has stopped or is unknown is not an error.
    pub async fn stop(&self, task: &TaskArn) -> Result<(), Error> {
        match self.cluster.client.stop_task().cluster(&self.cluster.name).task(&task.0).reason("Berth").send().await {
            Ok(_) => Ok(()),
            Err(error) if code(&error) == Some("InvalidParameterException") => Ok(()),
            Err(error) => Err(Error(CallFailed::new("ECS", &error).into())),
        }
    }
}

impl Cluster {
    /// Returns the tasks of `workspace` whose desired status is running, and the tasks `named`, as far as ECS shows
    /// them. A new task may appear with a delay.
    pub async fn tasks_of(&self, workspace: WorkspaceId, named: &[&TaskArn]) -> Result<Vec<Task>, Error> {
        let mut arns: Vec<_> = named.iter().map(|arn| arn.0.clone()).collect();
        let mut next = None;
        loop {
            // ECS allows no other filter together with startedBy. Tasks whose desired status is stopped are not listed.
            let list = self.client.list_tasks().cluster(&self.name).started_by(workspace.to_string());
            let page = list.set_next_token(next).send().await;
            let page = page.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
            arns.extend(page.task_arns.unwrap_or_default());
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        arns.sort_unstable();
        arns.dedup();
        let mut tasks = Vec::new();
        for part in arns.chunks(DESCRIBED) {
            let described =
                self.client.describe_tasks().cluster(&self.name).set_tasks(Some(part.to_vec())).send().await;
            let described = described.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
            tasks.extend(described.tasks().iter().filter_map(|task| read::task(task, &self.ambient)));
        }
        Ok(tasks)
    }
}

impl Cluster {
    /// Returns the `startedBy` of `task`, or `None` if ECS does not know the task. ECS forgets a task one hour after it
    /// stops.
    pub async fn started_by(&self, task: &TaskId) -> Result<Option<String>, Error> {
        let described = self.client.describe_tasks().cluster(&self.name).tasks(task.as_str()).send().await;
        let described = described.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
        Ok(described.tasks().first().and_then(|task| task.started_by()).map(ToOwned::to_owned))
    }
}

/// Returns the client token of a launch. It has at most 54 characters; ECS allows 64.
fn client_token(workspace: WorkspaceId, LaunchNumber { generation, number }: LaunchNumber) -> String {
    format!("{workspace}-{generation}-{number}")
}

/// Returns the outcome of the launch that the error implies, or `None` if it is unknown.
fn outcome_of(error: &SdkError<RunTaskError>) -> Option<RunTaskOutcome> {
    if let Some(RunTaskError::ConflictException(conflict)) = error.as_service_error() {
        // The client token was used for another request, before a deployment or with an older key. The task of that
        // request belongs to this launch.
        return Some(RunTaskOutcome::Task(TaskArn(conflict.resource_ids().first()?.clone())));
    }
    match code(error)? {
        "CapacityUnavailableException" => Some(RunTaskOutcome::Refused(LaunchRefusal::NoCapacity)),
        "ClientException" | "InvalidParameterException" if read::is_capacity(message(error)) => {
            Some(RunTaskOutcome::Refused(LaunchRefusal::NoCapacity))
        }
        "AccessDeniedException"
        | "BlockedException"
        | "ClientException"
        | "ClusterNotFoundException"
        | "InvalidParameterException"
        | "PlatformTaskDefinitionIncompatibilityException"
        | "PlatformUnknownException"
        | "UnsupportedFeatureException" => Some(RunTaskOutcome::Refused(LaunchRefusal::Permanent)),
        // Throttled, or a failure at AWS: the same launch is requested again.
        _ => None,
    }
}

fn code<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

fn message<E: ProvideErrorMetadata>(error: &SdkError<E>) -> &str {
    error.as_service_error().and_then(ProvideErrorMetadata::message).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_client_token_fits_the_limit() {
        let attempt = LaunchNumber { generation: u32::MAX, number: u32::MAX };
        assert!(client_token(WorkspaceId::NIL, attempt).len() <= 64);
    }
}
