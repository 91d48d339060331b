//! Settings of tasks from the environment: the cluster, its network, and a task definition for each size of the catalogue.

use aws_sdk_ecs::{Client, types::AssignPublicIp};
use aws_types::SdkConfig;
use domain::{plans::size::Size, runtime::reconcile::LaunchTarget};
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
    task_definitions: BTreeMap<Size, String>,
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
        Ok(Self {
            cluster: Cluster::from_environment(config, environment)?,
            security_group: environment.required("RUNTIME_SECURITY_GROUP")?,
            public_ip,
            reports_to: environment.required("RUNTIME_API_URL")?,
            subnets,
            task_definitions: task_definitions(&environment.required(DEFINITIONS)?)?,
        })
    }

    /// Returns the number of subnets.
    #[must_use]
    pub fn subnets(&self) -> u32 {
        u32::try_from(self.subnets.len()).unwrap_or(u32::MAX)
    }

    /// Returns the task definition and the subnet for a task of `size`. A size that no plan has, which only contracts do,
    /// uses the definition of another; each launch names its size anyway. Each try uses the next subnet.
    #[must_use]
    pub fn launch_target(&self, size: Size, tries: u32) -> Option<LaunchTarget> {
        let subnet = self.subnets.iter().cycle().nth(usize::try_from(tries % self.subnets()).ok()?)?;
        let own = self.task_definitions.get(&size);
        let task_definition = own.or_else(|| self.task_definitions.values().next_back())?.clone();
        Some(LaunchTarget { task_definition, subnet: subnet.clone() })
    }
}

const SUBNETS: &str = "RUNTIME_SUBNETS";
const PUBLIC_IP: &str = "RUNTIME_PUBLIC_IP";
const DEFINITIONS: &str = "RUNTIME_TASK_DEFINITIONS";

/// Reads the task definitions, written as `256/512=arn:…,512/1024=arn:…`, or `none` if no plan has a container.
fn task_definitions(text: &str) -> Result<BTreeMap<Size, String>, ConfigError> {
    if text == "none" {
        return Ok(BTreeMap::new());
    }
    let read = |entry: &str| {
        let (size, arn) = entry.split_once('=')?;
        let (cpu, memory) = size.split_once('/')?;
        let size = Size { cpu_units: cpu.trim().parse().ok()?, memory_mib: memory.parse().ok()? };
        Some((size, arn.to_owned())).filter(|(_, arn)| !arn.is_empty())
    };
    text.split(',').map(read).collect::<Option<_>>().ok_or_else(|| {
        let problem = "must name a task definition for each size, such as 256/512=arn:aws:ecs:…".to_owned();
        ConfigError::Invalid { name: DEFINITIONS, problem }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn task_definitions_are_read_by_size() {
        let read = task_definitions("256/512=arn:aws:ecs:eu-central-1:1:task-definition/a:1,512/1024=arn:b").unwrap();
        let size = |cpu_units, memory_mib| Size { cpu_units, memory_mib };
        assert_eq!(read[&size(256, 512)], "arn:aws:ecs:eu-central-1:1:task-definition/a:1");
        assert_eq!(read[&size(512, 1_024)], "arn:b");
        assert!(task_definitions("none").unwrap().is_empty());
        for text in ["", "256/512", "256/512=", "256=arn", "a/b=arn", "256/512=arn,"] {
            assert!(task_definitions(text).is_err(), "{text}");
        }
    }
}
