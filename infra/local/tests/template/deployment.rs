//! Deployment of new versions.

use crate::stack::{API, STACK, Stack, dependencies, each, nested, target};
use local::{transform, workspace::Workspace};
use regex_lite::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn gradual() -> Stack {
    Stack::with(&[("GradualDeployment", "true")])
}

#[test]
fn a_gradual_deployment_rolls_back_on_an_alarm() {
    assert_eq!(
        STACK.of_type("AWS::CodeDeploy::DeploymentGroup").count(),
        0,
        "deployments are gradual only with GradualDeployment"
    );
    let stack = gradual();
    let alarms = nested("infra/observability.yaml");
    let names: BTreeSet<_> = alarms
        .values()
        .filter_map(|alarm| Some(alarm["Properties"]["AlarmName"]["Fn::Sub"].as_str()?.replace("${StackName}", "")))
        .collect();
    for (id, alias) in stack.of_type("AWS::Lambda::Alias") {
        assert!(alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"].is_object(), "{id}");
        let function = id.strip_suffix("Aliaslive").unwrap();
        let group = stack.properties(&format!("{function}DeploymentGroup"));
        assert_eq!(group["AutoRollbackConfiguration"]["Enabled"], true, "{id}");
        let watched: BTreeSet<_> = each(&group["AlarmConfiguration"]["Alarms"])
            .into_iter()
            .map(|alarm| alarm["Name"]["Fn::Sub"].as_str().unwrap().replace("${AWS::StackName}", ""))
            .collect();
        let name = function.strip_suffix("Function").unwrap();
        let own = names
            .iter()
            .filter(|known| **known == format!("-{name}Errors") || **known == format!("-{name}ServerErrors"));
        assert_eq!(watched, own.cloned().collect(), "{id}");
        assert!(!watched.is_empty());
    }
}

/// CloudFormation refuses a template with a circular dependency, and no earlier check finds one.
#[test]
fn no_dependency_is_circular() {
    for stack in [&*STACK, &gradual()] {
        let ready = in_order(&stack.0);
        let stuck: Vec<_> = stack.0.keys().filter(|id| !ready.contains(*id)).collect();
        assert_eq!(stuck, Vec::<&String>::new());
    }
}

/// Returns the ids of the resources that can be created, each after its dependencies.
fn in_order(resources: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let needs: BTreeMap<_, BTreeSet<String>> = resources
        .iter()
        .map(|(id, resource)| {
            let mut found = Vec::new();
            dependencies(resource, &mut found);
            (id, found.into_iter().filter(|other| other != id && resources.contains_key(other)).collect())
        })
        .collect();
    let mut ready = BTreeSet::new();
    while let Some(id) =
        needs.iter().find(|(id, needs)| !ready.contains(**id) && needs.is_subset(&ready)).map(|(id, _)| *id)
    {
        ready.insert(id.clone());
    }
    ready
}

#[test]
fn callers_call_the_alias_that_deployments_move() {
    let stack = gradual();
    // The permission of the WebSocket API, by the map of its suffix.
    let by_map = |value: &Value| value["Fn::Sub"][1]["Alias"] == ":live";
    let aliased = |value: &Value| target(value).is_some_and(|id| id.ends_with("FunctionAliaslive")) || by_map(value);
    let mut calls = 0;
    for (kind, property) in [
        ("AWS::Lambda::Permission", "FunctionName"),
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
        ("AWS::Lambda::Url", "TargetFunctionArn"),
    ] {
        for (id, resource) in stack.of_type(kind) {
            assert!(aliased(&resource["Properties"][property]), "{id}: {resource}");
            calls += 1;
        }
    }
    assert!(calls > 50);
    let api = stack.properties(API).to_string();
    for (id, _) in stack.of_type("AWS::Lambda::Function") {
        assert!(!api.contains(&format!("${{{id}.Arn}}")), "the gateway calls {id} past its alias");
    }
}

/// An alias points to a published version, which does not change when parameters do.
#[test]
fn a_new_revision_publishes_every_function_again() {
    let versions = |stack: &Stack| -> BTreeSet<String> {
        let versions = stack.of_type("AWS::Lambda::Version");
        versions
            .map(|(id, version)| {
                assert_eq!(version["DeletionPolicy"], "Delete", "{id} would never be deleted");
                id.to_owned()
            })
            .collect()
    };
    let (first, again) = (versions(&gradual()), versions(&gradual()));
    let next = versions(&Stack::with(&[("GradualDeployment", "true"), ("Revision", "2")]));
    assert_eq!(first, again);
    assert_eq!(first.len(), STACK.of_type("AWS::Lambda::Function").count());
    assert!(first.is_disjoint(&next), "{first:?} {next:?}");
}

/// CloudFormation refuses the parameter before anything is deployed.
#[test]
fn unreachable_hosts_and_addresses_are_no_parameters() {
    let template = transform::nested(&Workspace::find().unwrap(), "template.yaml").unwrap();
    let pattern = |name: &str| Regex::new(template["Parameters"][name]["AllowedPattern"].as_str().unwrap()).unwrap();
    let hosts = [
        ("app.example.com", true),
        ("a--b.xn--p1ai:8443", true),
        ("localhost:3000", true),
        ("127.0.0.1:4566", true),
        ("app..example.com", false),
        ("-app.example.com", false),
        ("app-.example.com", false),
        ("app.example.com.", false),
        ("app.ex#ample.com", false),
        ("", false),
    ];
    for (host, allowed) in hosts {
        let origin = format!("https://{host}");
        for name in [
            "AppOrigin",
            "ExtraOrigin",
            "ApiOrigin",
            "IdentityTokenOrigin",
            "IdentityIssuer",
            "ProductLogo",
            "SupportUrl",
        ] {
            assert_eq!(pattern(name).is_match(&origin), allowed, "{name}: {origin}");
        }
        assert_eq!(pattern("IdentityEndpoint").is_match(&format!("{origin}/")), allowed, "{origin}");
    }
    for (domain, allowed) in [("app.example.com", true), ("", true), ("app..example.com", false), ("app-.com", false)] {
        assert_eq!(pattern("DashboardDomain").is_match(domain), allowed, "{domain}");
    }
    let addresses = [
        ("no-reply@example.com", true),
        ("o'brien+x@a.b.example.xn--p1ai", true),
        ("no-reply@b.c#d", false),
        ("no-reply@1.2.3.4", false),
        ("no-reply@example..com", false),
        ("no-reply@localhost", false),
    ];
    for (address, allowed) in addresses {
        for name in ["SenderAddress", "ReplyToAddress", "AlarmEmail"] {
            assert_eq!(pattern(name).is_match(address), allowed, "{name}: {address}");
        }
    }
}
