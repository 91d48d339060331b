//! Settings of tasks from the environment: the cluster, its network, and a task definition for each plan.

use aws_sdk_ecs::{Client, types::AssignPublicIp};
use aws_types::SdkConfig;
use domain::{plans::plan::Plan, runtime::reconcile::LaunchTarget};
use platform::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};
use std::collections::BTreeMap;

/// Read-only access to the cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub(super) client: Client,
    pub(super) name: String,
    /// The clock for the times that ECS reports.
    pub(super) ambient: Ambient,
}

impl Cluster {
    /// Builds the access to the cluster named by the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if the environment names no cluster.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let name = environment.required("RUNTIME_CLUSTER")?;
        Ok(Self { client: Client::new(config), name, ambient: Ambient::system() })
    }
}

/// Access to the tasks of one cluster, including launches and stops.
#[derive(Debug, Clone)]
pub struct Tasks {
    pub(super) cluster: Cluster,
    pub(super) security_group: String,
    pub(super) public_ip: AssignPublicIp,
    /// URL to which tasks report.
    pub(super) reports_to: String,
    subnets: Vec<String>,
    task_definitions: BTreeMap<Plan, String>,
}

impl Tasks {
    /// Builds the access to the tasks of the cluster named by the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if a setting is missing or invalid.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let subnets: Vec<_> = environment
            .required(SUBNETS)?
            .split(',')
            .map(|subnet| subnet.trim().to_owned())
            .filter(|subnet| !subnet.is_empty())
            .collect();
        if subnets.is_empty() {
            return Err(ConfigError::Invalid { name: SUBNETS, problem: "must name at least one subnet".to_owned() });
        }
        let public_ip = match environment.required(PUBLIC_IP)?.as_str() {
            "ENABLED" => AssignPublicIp::Enabled,
            "DISABLED" => AssignPublicIp::Disabled,
            _ => {
                let problem = "must be ENABLED or DISABLED".to_owned();
                return Err(ConfigError::Invalid { name: PUBLIC_IP, problem });
            }
        };
        let definition = |plan| Ok((plan, environment.required(variable(plan))?));
        Ok(Self {
            cluster: Cluster::from_environment(config, environment)?,
            security_group: environment.required("RUNTIME_SECURITY_GROUP")?,
            public_ip,
            reports_to: environment.required("RUNTIME_API_URL")?,
            subnets,
            task_definitions: Plan::ALL.into_iter().map(definition).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the number of subnets.
    #[must_use]
    pub fn subnets(&self) -> u32 {
        u32::try_from(self.subnets.len()).unwrap_or(u32::MAX)
    }

    /// Returns the task definition and the subnet for a task of `plan`. Each try uses the next subnet.
    #[must_use]
    pub fn launch_target(&self, plan: Plan, tries: u32) -> Option<LaunchTarget> {
        let subnet = self.subnets.iter().cycle().nth(usize::try_from(tries % self.subnets()).ok()?)?;
        Some(LaunchTarget { task_definition: self.task_definitions.get(&plan)?.clone(), subnet: subnet.clone() })
    }
}

const SUBNETS: &str = "RUNTIME_SUBNETS";
const PUBLIC_IP: &str = "RUNTIME_PUBLIC_IP";

/// Returns the name of the variable with the plan's task definition.
const fn variable(plan: Plan) -> &'static str {
    match plan {
        Plan::Free => "RUNTIME_TASK_DEFINITION_FREE",
        Plan::Starter => "RUNTIME_TASK_DEFINITION_STARTER",
        Plan::Pro => "RUNTIME_TASK_DEFINITION_PRO",
        Plan::Business => "RUNTIME_TASK_DEFINITION_BUSINESS",
        Plan::Enterprise => "RUNTIME_TASK_DEFINITION_ENTERPRISE",
    }
}
