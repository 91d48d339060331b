//! The transformed template, and functions for finding resources in it.

use local::{
    transform::{self, transformed},
    workspace::Workspace,
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

/// Logical id of the HTTP API.
pub(crate) const API: &str = "Api";
/// Logical id of its stage, which SAM derives from the API's.
pub(crate) const STAGE: &str = "ApiApiGatewayDefaultStage";

/// The stack with default parameters.
pub(crate) static STACK: LazyLock<Stack> = LazyLock::new(|| Stack::with(&[]));

pub(crate) struct Stack(pub(crate) BTreeMap<String, Value>);

impl Stack {
    pub(crate) fn with(parameters: &[(&str, &str)]) -> Self {
        let template = transformed(&Workspace::find().unwrap(), parameters).unwrap();
        Self(resources(&template))
    }

    /// Returns the resources of a type, by logical id.
    pub(crate) fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let of_type = self.0.iter().filter(move |(_, resource)| resource["Type"] == kind);
        of_type.map(|(id, resource)| (id.as_str(), resource))
    }

    /// Returns the properties of a resource, by logical id.
    pub(crate) fn properties(&self, id: &str) -> &Value {
        &self.0.get(id).unwrap_or_else(|| panic!("no resource {id}"))["Properties"]
    }
}

/// Returns the resources of a nested template.
pub(crate) fn nested(path: &str) -> BTreeMap<String, Value> {
    resources(&transform::nested(&Workspace::find().unwrap(), path).unwrap())
}

fn resources(template: &Value) -> BTreeMap<String, Value> {
    let resources = template["Resources"].as_object().unwrap();
    resources.iter().map(|(id, resource)| (id.clone(), resource.clone())).collect()
}

/// Returns the logical id that a value refers to.
pub(crate) fn target(value: &Value) -> Option<&str> {
    value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str())
}

/// Normalizes one value or a list, as IAM and CloudFormation accept both.
pub(crate) fn each(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

/// Collects every logical id that a value depends on.
pub(crate) fn dependencies(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match (name.as_str(), inner) {
                    ("Ref" | "DependsOn", Value::String(id)) => found.push(id.clone()),
                    ("DependsOn", ids) => found.extend(each(ids).iter().map(|id| id.as_str().unwrap().to_owned())),
                    ("Fn::GetAtt", path) => found.push(
                        path[0]
                            .as_str()
                            .or_else(|| path.as_str()?.split('.').next())
                            .unwrap_or_else(|| panic!("{path}"))
                            .to_owned(),
                    ),
                    ("Fn::Sub", text) => {
                        let template = text.as_str().or_else(|| text[0].as_str()).unwrap();
                        let names = template.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
                        found.extend(names.map(ToOwned::to_owned));
                        dependencies(text, found);
                    }
                    (_, inner) => dependencies(inner, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| dependencies(inner, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
