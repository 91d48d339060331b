//! Alarms: each function has them, and each alarm reaches the operator with instructions.

use crate::{
    list::{FUNCTIONS, Fragment},
    stack::{STACK, dependencies, nested},
};
use local::workspace::Workspace;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

fn alarms() -> Vec<(String, Value)> {
    let resources = nested("infra/observability.yaml").into_iter();
    resources.filter(|(_, resource)| resource["Type"] == "AWS::CloudWatch::Alarm").collect()
}

#[test]
fn every_function_has_its_alarms() {
    let ids: BTreeSet<_> = alarms().into_iter().map(|(id, _)| id).collect();
    for (id, _) in STACK.of_type("AWS::Lambda::Function") {
        let name = id.strip_suffix("Function").unwrap();
        for alarm in ["Errors", "Throttles"] {
            assert!(ids.contains(&format!("{name}{alarm}")), "{name} has no alarm for {alarm}");
        }
    }
    for Fragment { name, .. } in FUNCTIONS.iter().filter(|function| function.answers()) {
        assert!(ids.contains(&format!("{name}ServerErrors")), "{name} has no alarm for 5xx answers");
    }
}

/// Each alarm names a heading of docs/operations.md, which has its steps.
#[test]
fn every_alarm_notifies_and_names_its_instructions() {
    let page = fs::read_to_string(Workspace::find().unwrap().root.join("docs/operations.md")).unwrap();
    for (id, alarm) in alarms() {
        let properties = &alarm["Properties"];
        assert_eq!(properties["AlarmActions"], json!([{ "Ref": "AlarmTopic" }]), "{id}");
        let description = &properties["AlarmDescription"];
        let text = description["Fn::Sub"][0].as_str().or_else(|| description.as_str()).unwrap();
        let heading = text.split("(docs/operations.md: ").nth(1).and_then(|rest| rest.split(')').next());
        let heading = heading.unwrap_or_else(|| panic!("{id} names no heading: {text}"));
        assert!(page.lines().any(|line| line == format!("### {heading}")), "{id}: no heading {heading}");
    }
}

/// Covers the output of `Fn::ForEach` too, which no other check does.
#[test]
fn references_of_alarms_exist() {
    let text = fs::read_to_string(Workspace::find().unwrap().root.join("infra/observability.yaml")).unwrap();
    let resources = nested("infra/observability.yaml");
    let given = STACK.properties("Observability")["Parameters"].as_object().unwrap();
    let mut named = Vec::new();
    for resource in resources.values() {
        dependencies(resource, &mut named);
    }
    let named: BTreeSet<_> = named.iter().map(String::as_str).collect();
    // Variables that the texts define themselves.
    let local = ["Folder", "Then", "What"];
    for name in &named {
        let known = given.contains_key(*name) || resources.contains_key(*name) || name.starts_with("AWS::");
        assert!(known || local.contains(name), "{name} is not a parameter, resource or variable");
    }
    for parameter in given.keys() {
        let used = named.contains(parameter.as_str()) || parameter == "AlarmEmail";
        assert!(
            used && text.contains(&format!("\n  {parameter}: ")) || text.contains(&format!("\n  {parameter}:\n")),
            "{parameter}"
        );
    }
    // The body of the dashboard must be JSON once its names are substituted.
    let body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert!(body["widgets"].as_array().unwrap().len() > 5);
}
