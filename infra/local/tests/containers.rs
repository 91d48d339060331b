//! Definition of containers: the task definitions, the image and the launching code agree.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "an unexpected value should fail the test")]

mod templates;

use domain::{plans::size::Size, runtime::record::RuntimeCommand};
use serde_json::{Value, json};
use shared::runtime::command_runtime;
use std::{collections::BTreeSet, fs};
use templates::{read, root};
use testkit::{ANA, PLANS, World};
use workers::runtime::reconcile_runtime;

/// CPU units, each with the minimum, maximum and step of its memory in MiB.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html>
const FARGATE: [(u32, u32, u32, u32); 4] =
    [(512, 1024, 4096, 1024), (1024, 2048, 8192, 1024), (2048, 4096, 16_384, 1024), (4096, 8192, 30_720, 1024)];

/// Invariant 18.
#[test]
fn task_definitions_have_their_plans_size() {
    let (runtime, template) = (read("infra/runtime.yaml"), read("template.yaml"));
    let is_definition = |resource: &Value| resource["Type"] == "AWS::ECS::TaskDefinition";
    let definitions: Vec<_> =
        runtime["Resources"].as_object().unwrap().iter().filter(|(_, resource)| is_definition(resource)).collect();
    let sizes: BTreeSet<_> = PLANS.iter().filter_map(|plan| plan.size).collect();
    assert_eq!(definitions.len(), sizes.len());
    let variables = &template["Resources"]["ReconcilerFunction"]["Properties"]["Environment"]["Variables"];
    assert_eq!(variables["RUNTIME_TASK_DEFINITIONS"], json!({"!GetAtt": "Runtime.Outputs.TaskDefinitions"}));
    for size in sizes {
        let Size { cpu_units, memory_mib } = size;
        let written = [json!(cpu_units.to_string()), json!(memory_mib.to_string())];
        let of_size: Vec<_> = definitions
            .iter()
            .filter(|(_, each)| {
                [&each["Properties"]["Cpu"], &each["Properties"]["Memory"]] == [&written[0], &written[1]]
            })
            .collect();
        let [(resource, definition)] = of_size.as_slice() else { panic!("{size}: {of_size:?}") };
        let definition = &definition["Properties"];
        let known = |(cpu, least, most, step)| {
            cpu == cpu_units && (least..=most).step_by(step as usize).any(|mib| mib == memory_mib)
        };
        let smallest = cpu_units == 256 && [512, 1024, 2048].contains(&memory_mib);
        assert!(
            smallest || FARGATE.into_iter().any(known),
            "{size}: {cpu_units} and {memory_mib} are not a combination of Fargate"
        );
        let containers = definition["ContainerDefinitions"].as_array().unwrap();
        assert_eq!([&containers[0]["Name"], &containers[1]["Name"]], [ecs::CONTAINER, ecs::PLUGINS], "{size}");
        let parts = |part: &str| containers.iter().map(|each| each[part].as_u64().unwrap()).collect::<Vec<_>>();
        let Size { cpu_units: own_cpu, memory_mib: own_memory } = ecs::REPORTER;
        assert_eq!(parts("Cpu"), [own_cpu.into(), u64::from(cpu_units - own_cpu)], "{size}");
        assert_eq!(parts("Memory"), [own_memory.into(), u64::from(memory_mib - own_memory)], "{size}");
        let list = runtime["Outputs"]["TaskDefinitions"]["Value"]["!Sub"].as_str().unwrap();
        assert!(list.split(',').any(|entry| entry == format!("{size}=${{{resource}}}")), "{size}: {list}");
    }
}

#[test]
fn nobody_can_call_a_container_and_its_role_allows_nothing() {
    let runtime = read("infra/runtime.yaml");
    assert!(runtime["Resources"]["SecurityGroup"]["Properties"]["SecurityGroupIngress"].is_null());
    let role = runtime["Resources"]["TaskRole"]["Properties"].as_object().unwrap();
    assert_eq!(role.keys().collect::<Vec<_>>(), ["AssumeRolePolicyDocument"]);
}

#[test]
fn containers_connect_by_https_only_unless_opened() {
    let (runtime, template) = (read("infra/runtime.yaml"), read("template.yaml"));
    let rules = runtime["Resources"]["SecurityGroup"]["Properties"]["SecurityGroupEgress"].as_array().unwrap();
    let [rule] = rules.as_slice() else { panic!("{rules:?}") };
    assert_eq!(rule["IpProtocol"], json!({"!If": ["AnyEgress", "-1", "tcp"]}));
    let ports = json!({"!If": ["AnyEgress", {"!Ref": "AWS::NoValue"}, 443]});
    assert_eq!([&rule["FromPort"], &rule["ToPort"]], [&ports; 2]);
    assert_eq!(runtime["Conditions"]["AnyEgress"], json!({"!Equals": [{"!Ref": "Egress"}, "any"]}));
    assert_eq!(template["Parameters"]["RuntimeEgress"]["Default"], "https");
    assert_eq!(
        template["Resources"]["Runtime"]["Properties"]["Parameters"]["Egress"],
        json!({"!Ref": "RuntimeEgress"})
    );
}

fn definitions() -> Vec<Value> {
    let runtime = read("infra/runtime.yaml");
    let resources = runtime["Resources"].as_object().unwrap().values();
    let definitions = resources.filter(|resource| resource["Type"] == "AWS::ECS::TaskDefinition");
    definitions.map(|definition| definition["Properties"].clone()).collect()
}

#[test]
fn the_task_definitions_differ_only_in_size_and_name() {
    let shapes: BTreeSet<String> = definitions()
        .into_iter()
        .map(|mut definition| {
            for part in ["Cpu", "Memory", "Family"] {
                definition.as_object_mut().unwrap().remove(part).unwrap();
            }
            for part in ["Cpu", "Memory"] {
                definition["ContainerDefinitions"][1].as_object_mut().unwrap().remove(part).unwrap();
            }
            definition.to_string()
        })
        .collect();
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
}

#[test]
fn a_container_is_unprivileged_and_writes_to_its_volumes_only() {
    let definition = &definitions()[0];
    let containers = definition["ContainerDefinitions"].as_array().unwrap();
    assert_eq!(definition["NetworkMode"], "awsvpc");
    let mut mounted = Vec::new();
    for container in containers {
        assert_eq!((&container["ReadonlyRootFilesystem"], &container["Privileged"]), (&json!(true), &Value::Null));
        assert_eq!(container["LinuxParameters"]["Capabilities"], json!({"Drop": ["ALL"]}));
        assert_eq!((&container["Secrets"], &container["Environment"]), (&Value::Null, &Value::Null));
        assert!(container["PortMappings"].is_null(), "a container accepts no calls");
        assert_eq!(container["Essential"], true, "a task without one of its containers ends");
        mounted.extend(container["MountPoints"].as_array().unwrap().iter().map(|of| of["SourceVolume"].to_string()));
    }
    let volumes: BTreeSet<_> =
        definition["Volumes"].as_array().unwrap().iter().map(|of| of["Name"].clone().to_string()).collect();
    assert_eq!((mounted.len(), mounted.into_iter().collect()), (volumes.len(), volumes), "no volume is shared");
    let log = &containers[0]["LogConfiguration"];
    assert_eq!((&log["LogDriver"], &log["Options"]["awslogs-group"]), (&json!("awslogs"), &json!({"!Ref": "Logs"})));
    let runtime = read("infra/runtime.yaml");
    assert_eq!(runtime["Resources"]["Logs"]["Properties"]["RetentionInDays"], json!({"!Ref": "LogRetentionDays"}));
}

/// RunTask gives the token to the container that it names. The others share neither processes, memory nor files with it.
#[test]
fn plugins_run_where_the_token_is_not() {
    for definition in definitions() {
        for shared in ["PidMode", "IpcMode"] {
            assert!(definition[shared].is_null(), "{shared}");
        }
        let [first, second] = [0, 1].map(|n| &definition["ContainerDefinitions"][n]);
        assert_eq!((&first["Name"], &second["Name"]), (&json!(ecs::CONTAINER), &json!(ecs::PLUGINS)));
        assert_eq!(second["Command"], json!(["node", "src/plugin-host.js"]));
        assert!(first["Command"].is_null(), "the image's own");
        assert_eq!(first["DependsOn"], json!([{"ContainerName": ecs::PLUGINS, "Condition": "START"}]));
        assert!(second["LogConfiguration"].is_null() && !first["LogConfiguration"].is_null());
        let started = |name: &str| fs::read_to_string(root().join("infra/workspace-image/src").join(name)).unwrap();
        assert!(
            started("plugin-host.js").contains("./plugins.js")
                && !started("main.js").contains("\"./plugins.js\", import")
        );
    }
}

/// Arguments of the only instruction of this name in the image's Dockerfile, with continuation lines joined.
fn instruction(name: &str) -> String {
    let text = fs::read_to_string(root().join("infra/workspace-image/Dockerfile")).unwrap().replace("\\\n", " ");
    let found: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].trim().to_owned()
}

fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_image_matches_the_task_definitions() {
    let containers = definitions()[0]["ContainerDefinitions"].clone();
    let (container, plugins) = (&containers[0], &containers[1]);
    assert_eq!([&container["User"], &plugins["User"]], [&json!(instruction("USER")); 2]);
    let mounted = |container: &Value| -> BTreeSet<_> {
        let mounted = container["MountPoints"].as_array().unwrap().iter();
        mounted.map(|of| of["ContainerPath"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(mounted(plugins), BTreeSet::from_iter(list(&instruction("VOLUME"))), "the writable paths");
    let mounted = &mounted(container) | &mounted(plugins);
    assert!(instruction("ENV").contains("BERTH_PLUGINS=/plugins") && mounted.contains("/plugins"));

    let health = instruction("HEALTHCHECK");
    let (options, asked) = health.split_once("CMD").unwrap();
    let own = &container["HealthCheck"];
    let of = |name: &str| own[name].to_string();
    let wanted = format!(
        "--interval={}s --timeout={}s --start-period={}s --retries={}",
        of("Interval"),
        of("Timeout"),
        of("StartPeriod"),
        of("Retries")
    );
    assert_eq!(options.trim(), wanted);
    let asked = list(asked.trim());
    assert_eq!(own["Command"], json!([&["CMD".to_owned()][..], &asked].concat()));
    let of_plugins = json!([&["CMD".to_owned()][..], &asked, &["plugins".to_owned()]].concat());
    let (mut others, mut own) = (plugins["HealthCheck"].clone(), own.clone());
    assert_eq!(others["Command"].take(), of_plugins);
    own["Command"].take();
    assert_eq!(others, own);
    // Both commands run in the folder of the image's files.
    let of_plugins: Vec<String> = serde_json::from_value(plugins["Command"].clone()).unwrap();
    for command in [asked, list(&instruction("CMD")), of_plugins] {
        assert_eq!((command.len(), command[0].as_str()), (2, "node"));
        assert!(root().join("infra/workspace-image").join(&command[1]).is_file(), "{command:?}");
    }
    assert_eq!(instruction("STOPSIGNAL"), "SIGTERM");
}

#[test]
fn the_supervisor_has_ended_before_ecs_ends_it() {
    let supervisor = fs::read_to_string(root().join("infra/workspace-image/src/supervisor.js")).unwrap();
    let patience = supervisor.lines().find_map(|line| line.strip_prefix("const PATIENCE = ")).unwrap();
    let patience: u64 = patience.trim_end_matches(';').replace('_', "").parse().unwrap();
    let allowed = definitions()[0]["ContainerDefinitions"][0]["StopTimeout"].as_u64().unwrap();
    assert!(patience + 2_000 <= allowed * 1_000, "{patience} ms of {allowed} s");
}

#[tokio::test]
async fn the_image_takes_what_a_launch_gives() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    let given: Vec<_> = world.tasks()[0].environment.keys().cloned().collect();
    let source = |name: &str| fs::read_to_string(root().join("infra/workspace-image/src").join(name)).unwrap();
    let taken = source("main.js") + &source("log.js");
    for name in ["BERTH_GENERATION", "BERTH_RUNTIME_API", "BERTH_RUNTIME_TOKEN", "BERTH_WORKSPACE_ID"] {
        assert!(given.iter().any(|given| given == name) && taken.contains(name), "{name}: {given:?}");
    }
}

#[test]
fn tasks_are_tagged_by_their_launch_and_never_after() {
    let roles = &read("template.yaml")["Resources"]["ReconcilerRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let tagging = roles.as_array().unwrap().iter().find(|allowed| allowed["Action"] == "ecs:TagResource").unwrap();
    assert_eq!(tagging["Condition"], json!({"StringEquals": {"ecs:CreateAction": "RunTask"}}));
}
