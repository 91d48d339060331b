//! Where tasks run: the cluster, its network, and a task definition for each plan, from the environment.

use aws_sdk_ecs::{Client, types::AssignPublicIp};
use aws_types::SdkConfig;
use domain::{plans::plan::Plan, runtime::reconcile::Placement};
use platform::config::{ConfigError, Environment};
use std::collections::BTreeMap;

/// The cluster, for whoever only looks.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub(super) client: Client,
    pub(super) name: String,
}

impl Cluster {
    /// The cluster that the environment names.
    ///
    /// # Errors
    /// [`ConfigError`] if it names none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { client: Client::new(config), name: environment.required("RUNTIME_CLUSTER")? })
    }
}

/// The tasks of one cluster.
#[derive(Debug, Clone)]
pub struct Tasks {
    pub(super) cluster: Cluster,
    pub(super) security_group: String,
    pub(super) public_ip: AssignPublicIp,
    /// Where tasks report to.
    pub(super) reports_to: String,
    subnets: Vec<String>,
    task_definitions: BTreeMap<Plan, String>,
}

impl Tasks {
    /// The cluster that the environment names.
    ///
    /// # Errors
    /// [`ConfigError`] if a part is missing or unfit.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let subnets: Vec<_> = environment
            .required(SUBNETS)?
            .split(',')
            .map(|subnet| subnet.trim().to_owned())
            .filter(|subnet| !subnet.is_empty())
            .collect();
        if subnets.is_empty() {
            return Err(ConfigError::Unfit { name: SUBNETS, problem: "names no subnet".to_owned() });
        }
        let public_ip = match environment.required(PUBLIC_IP)?.as_str() {
            "ENABLED" => AssignPublicIp::Enabled,
            "DISABLED" => AssignPublicIp::Disabled,
            _ => {
                let problem = "must be ENABLED or DISABLED".to_owned();
                return Err(ConfigError::Unfit { name: PUBLIC_IP, problem });
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

    /// How many subnets there are.
    #[must_use]
    pub fn subnets(&self) -> u32 {
        u32::try_from(self.subnets.len()).unwrap_or(u32::MAX)
    }

    /// Where and as what a task for `plan` is launched: each try in the next subnet.
    #[must_use]
    pub fn placement(&self, plan: Plan, tries: u32) -> Option<Placement> {
        let subnet = self.subnets.iter().cycle().nth(usize::try_from(tries % self.subnets()).ok()?)?;
        Some(Placement { task_definition: self.task_definitions.get(&plan)?.clone(), subnet: subnet.clone() })
    }
}

const SUBNETS: &str = "RUNTIME_SUBNETS";
const PUBLIC_IP: &str = "RUNTIME_PUBLIC_IP";

/// The variable that has the plan's task definition.
const fn variable(plan: Plan) -> &'static str {
    match plan {
        Plan::Free => "RUNTIME_TASK_DEFINITION_FREE",
        Plan::Starter => "RUNTIME_TASK_DEFINITION_STARTER",
        Plan::Pro => "RUNTIME_TASK_DEFINITION_PRO",
        Plan::Business => "RUNTIME_TASK_DEFINITION_BUSINESS",
        Plan::Enterprise => "RUNTIME_TASK_DEFINITION_ENTERPRISE",
    }
}
