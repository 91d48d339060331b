//! ECS: tasks on Fargate, started, looked at and stopped. It knows nothing of what is wanted of them.

mod config;
mod names;
mod read;

pub use config::{Cluster, Tasks};

use aws_sdk_ecs::{
    error::{ProvideErrorMetadata, SdkError},
    operation::run_task::RunTaskError,
    types::{
        AwsVpcConfiguration, ContainerOverride, KeyValuePair, LaunchType, NetworkConfiguration, Tag, TaskOverride,
    },
};
use domain::{
    ids::WorkspaceId,
    plans::plan::Size,
    runtime::reconcile::{Attempt, Launch, Refused, Task},
    runtime::record::TaskArn,
    workspace::sought::TaskId,
};
use names::{ATTEMPT, ATTEMPT_TAG, GENERATION, GENERATION_TAG, REPORTS_TO, TOKEN, WORKSPACE, WORKSPACE_TAG};
use platform::aws::CallFailed;

/// The container of the task definitions that is the customer's.
pub const CONTAINER: &str = "runtime";

/// The most tasks that one call describes.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html>
const DESCRIBED: usize = 100;

/// A call to ECS that did not end well. Whether something was done is unknown; the same call may be made again.
#[derive(Debug, thiserror::Error)]
#[error("ECS did not do what it was asked")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// A task that was found in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Whoever started it: of our own, the workspace.
    pub started_by: String,
    /// It.
    pub task: Task,
}

/// What became of a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// There is this task, now or from an earlier call under the same token.
    Task(TaskArn),
    /// There is none, and this call made none.
    Refused(Refused),
}

impl Tasks {
    /// Launches the task of `launch`, which is given `token`. Called again with the same launch it gives the same task, for 24 hours also when
    /// that has ended. <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html>
    ///
    /// # Errors
    /// [`Error`] if the outcome is unknown.
    pub async fn run(&self, workspace: WorkspaceId, launch: &Launch, token: String) -> Result<Ran, Error> {
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
        // A contract's size stands in no task definition.
        if let Some(Size { cpu_units, memory_mib }) = launch.shape.agreed_size() {
            overrides = overrides.cpu(cpu_units.to_string()).memory(memory_mib.to_string());
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
                Some(task) => Ok(Ran::Task(TaskArn(task.to_owned()))),
                // No task and no error: the reason stands among the failures.
                None => Ok(Ran::Refused(read::refusal(output.failures()))),
            },
            Err(error) => answer_in(&error).ok_or_else(|| Error(CallFailed::new("ECS", &error).into())),
        }
    }

    /// See [`Cluster::of`].
    ///
    /// # Errors
    /// [`Error`].
    pub async fn of(&self, workspace: WorkspaceId, named: &[&TaskArn]) -> Result<Vec<Task>, Error> {
        self.cluster.of(workspace, named).await
    }

    /// A page of the tasks in the cluster that are meant to run, whoever started them, with the names of those who did; and where
    /// the next page begins.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn all(&self, after: Option<String>) -> Result<(Vec<Found>, Option<String>), Error> {
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
            Some(Found { started_by, task: read::task(task)? })
        });
        Ok((found.collect(), page.next_token))
    }

    /// Asks for the end of a task. One that has ended, or is not known, is left as it is.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn stop(&self, task: &TaskArn) -> Result<(), Error> {
        match self.cluster.client.stop_task().cluster(&self.cluster.name).task(&task.0).reason("Berth").send().await {
            Ok(_) => Ok(()),
            Err(error) if code(&error) == Some("InvalidParameterException") => Ok(()),
            Err(error) => Err(Error(CallFailed::new("ECS", &error).into())),
        }
    }
}

impl Cluster {
    /// The tasks of `workspace` that are meant to run, and those called `named`, as far as ECS shows them. A new task may
    /// be shown a moment later only.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn of(&self, workspace: WorkspaceId, named: &[&TaskArn]) -> Result<Vec<Task>, Error> {
        let mut arns: Vec<_> = named.iter().map(|arn| arn.0.clone()).collect();
        let mut next = None;
        loop {
            // With startedBy no other filter is allowed; tasks that are meant to stop are not listed.
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
            tasks.extend(described.tasks().iter().filter_map(read::task));
        }
        Ok(tasks)
    }
}

impl Cluster {
    /// The `startedBy` of `task`; `None` if ECS does not know the task, or no longer: it forgets one an hour after its
    /// end.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn started_by(&self, task: &TaskId) -> Result<Option<String>, Error> {
        let described = self.client.describe_tasks().cluster(&self.name).tasks(task.as_str()).send().await;
        let described = described.map_err(|error| Error(CallFailed::new("ECS", &error).into()))?;
        Ok(described.tasks().first().and_then(|task| task.started_by()).map(ToOwned::to_owned))
    }
}

/// The client token of a launch: at most 54 of the 64 characters that there may be.
fn client_token(workspace: WorkspaceId, Attempt { generation, number }: Attempt) -> String {
    format!("{workspace}-{generation}-{number}")
}

/// What an error tells of the outcome; `None` if that is unknown.
fn answer_in(error: &SdkError<RunTaskError>) -> Option<Ran> {
    if let Some(RunTaskError::ConflictException(conflict)) = error.as_service_error() {
        // The token was used for another request, before a deployment or under an older key: the task of that one is this launch's.
        return Some(Ran::Task(TaskArn(conflict.resource_ids().first()?.clone())));
    }
    match code(error)? {
        "CapacityUnavailableException" => Some(Ran::Refused(Refused::NoCapacity)),
        "ClientException" | "InvalidParameterException" if read::is_capacity(message(error)) => {
            Some(Ran::Refused(Refused::NoCapacity))
        }
        "AccessDeniedException"
        | "BlockedException"
        | "ClientException"
        | "ClusterNotFoundException"
        | "InvalidParameterException"
        | "PlatformTaskDefinitionIncompatibilityException"
        | "PlatformUnknownException"
        | "UnsupportedFeatureException" => Some(Ran::Refused(Refused::Forever)),
        // Throttled, or failed over there: the same launch is asked for again.
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
    fn the_token_of_the_last_launch_there_can_be_is_short_enough() {
        let attempt = Attempt { generation: u32::MAX, number: u32::MAX };
        assert!(client_token(WorkspaceId::NIL, attempt).len() <= 64);
    }
}
