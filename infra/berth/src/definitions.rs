//! Task definitions: one for each size of the catalogue, written into `infra/runtime.yaml`.

use domain::plans::{catalogue::Plans, size::Size};
use std::collections::BTreeSet;

/// Share of the container in the process that reports to Berth. `ecs::REPORTER` is the same; that crate is not used here,
/// because it depends on the catalogue.
pub const REPORTER: Size = Size { cpu_units: 64, memory_mib: 192 };

/// The template has no part to write to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("infra/runtime.yaml lacks the lines `# Generated: {0}` and `# End of generated`; restore them")]
pub struct NoPlace(pub &'static str);

/// Returns `template` with the task definitions of `plans`.
///
/// # Errors
/// [`NoPlace`] if the template does not mark the parts that are generated.
pub fn generate(template: &str, plans: Plans) -> Result<String, NoPlace> {
    let sizes: BTreeSet<_> = plans.every_version().filter_map(|plan| plan.size).collect();
    let definitions: String = sizes.iter().map(definition).collect();
    let template = replaced(template, "task definitions", &definitions)?;
    replaced(&template, "list of task definitions", &list(&sizes))
}

/// Replaces the text between the marks of the part `name`.
fn replaced(template: &str, name: &'static str, text: &str) -> Result<String, NoPlace> {
    const END: &str = "  # End of generated\n";
    let begin = format!("  # Generated: {name}\n");
    let (before, rest) = template.split_once(&begin).ok_or(NoPlace(name))?;
    let (_, after) = rest.split_once(END).ok_or(NoPlace(name))?;
    Ok(format!("{before}{begin}{text}{END}{after}"))
}

/// Name of the resource with the task definition for `size`.
fn resource(Size { cpu_units, memory_mib }: &Size) -> String {
    format!("TaskDefinition{cpu_units}x{memory_mib}")
}

/// Writes the value of `RUNTIME_TASK_DEFINITIONS`.
fn list(sizes: &BTreeSet<Size>) -> String {
    let entries: Vec<_> = sizes.iter().map(|size| format!("{size}=${{{}}}", resource(size))).collect();
    // A function takes no empty variable for one.
    let value = if entries.is_empty() { "none".to_owned() } else { format!("!Sub {}", entries.join(",")) };
    format!("  TaskDefinitions:\n    Description: Task definitions by size in CPU units and MiB\n    Value: {value}\n")
}

fn definition(size: &Size) -> String {
    let Size { cpu_units, memory_mib } = size;
    let Size { cpu_units: own_cpu, memory_mib: own_memory } = REPORTER;
    let (cpu_rest, memory_rest) = (cpu_units.saturating_sub(own_cpu), memory_mib.saturating_sub(own_memory));
    format!(
        r#"  {}:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub ${{Name}}-runtime-{cpu_units}-{memory_mib}
      Cpu: "{cpu_units}"
      Memory: "{memory_mib}"
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      RuntimePlatform: {{ CpuArchitecture: ARM64, OperatingSystemFamily: LINUX }}
      ExecutionRoleArn: !GetAtt ExecutionRole.Arn
      TaskRoleArn: !GetAtt TaskRole.Arn
      Volumes: [{{ Name: plugins }}, {{ Name: plugins-tmp }}, {{ Name: tmp }}]
      ContainerDefinitions:
        - Name: runtime
          Image: !Ref Image
          Essential: true
          Cpu: {own_cpu}
          Memory: {own_memory}
          User: "1000:1000"
          ReadonlyRootFilesystem: true
          LinuxParameters: {{ Capabilities: {{ Drop: [ALL] }}, InitProcessEnabled: true }}
          MountPoints:
            - {{ SourceVolume: tmp, ContainerPath: /tmp, ReadOnly: false }}
          DependsOn: [{{ ContainerName: plugins, Condition: START }}]
          HealthCheck: {{ Command: [CMD, node, src/health.js], Interval: 30, Timeout: 5, StartPeriod: 10, Retries: 3 }}
          StopTimeout: 30
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: !Ref Logs
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: workspace
        - Name: plugins
          Image: !Ref Image
          Command: [node, src/plugin-host.js]
          Essential: true
          Cpu: {cpu_rest}
          Memory: {memory_rest}
          User: "1000:1000"
          ReadonlyRootFilesystem: true
          LinuxParameters: {{ Capabilities: {{ Drop: [ALL] }}, InitProcessEnabled: true }}
          MountPoints:
            - {{ SourceVolume: plugins, ContainerPath: /plugins, ReadOnly: false }}
            - {{ SourceVolume: plugins-tmp, ContainerPath: /tmp, ReadOnly: false }}
          HealthCheck: {{ Command: [CMD, node, src/health.js, plugins], Interval: 30, Timeout: 5, StartPeriod: 10, Retries: 3 }}
          StopTimeout: 30

"#,
        resource(size)
    )
}
