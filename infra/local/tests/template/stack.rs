//! The transformed template, and how to find one's way in it.

use local::{transform::transformed, workspace::Workspace};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, sync::LazyLock};

/// As it is by default.
pub(crate) static STACK: LazyLock<Stack> = LazyLock::new(|| Stack::with(&[]));

pub(crate) struct Stack(pub(crate) BTreeMap<String, Value>);

impl Stack {
    pub(crate) fn with(parameters: &[(&str, &str)]) -> Self {
        let template = transformed(&Workspace::find().unwrap(), parameters).unwrap();
        Self(resources(&template))
    }

    /// The resources of a type, by logical id.
    pub(crate) fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let of_type = self.0.iter().filter(move |(_, resource)| resource["Type"] == kind);
        of_type.map(|(id, resource)| (id.as_str(), resource))
    }

    pub(crate) fn properties(&self, id: &str) -> &Value {
        &self.0.get(id).unwrap_or_else(|| panic!("no resource {id}"))["Properties"]
    }
}

/// The resources of a nested template, with what `Fn::ForEach` makes of it.
pub(crate) fn nested(path: &str) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(Workspace::find().unwrap().root.join(path)).unwrap();
    resources(&plain(yaml_serde::from_str(&text).unwrap()))
}

fn resources(template: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (id, resource) in template["Resources"].as_object().unwrap() {
        if !id.starts_with("Fn::ForEach::") {
            found.insert(id.clone(), resource.clone());
            continue;
        }
        let identifier = format!("${{{}}}", resource[0].as_str().unwrap());
        for item in resource[1].as_array().unwrap() {
            let each = resource[2].to_string().replace(&identifier, item.as_str().unwrap());
            let each = serde_json::from_str::<BTreeMap<String, Value>>(&each).unwrap();
            found.extend(each);
        }
    }
    found
}

/// YAML as JSON; short tags as the functions that they stand for.
fn plain(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                other => format!("Fn::{other}"),
            };
            json!({ name: plain(tagged.value) })
        }
        yaml_serde::Value::Sequence(items) => items.into_iter().map(plain).collect(),
        yaml_serde::Value::Mapping(fields) => {
            fields.into_iter().map(|(name, value)| (name.as_str().unwrap().to_owned(), plain(value))).collect()
        }
        scalar @ (yaml_serde::Value::Null
        | yaml_serde::Value::Bool(_)
        | yaml_serde::Value::Number(_)
        | yaml_serde::Value::String(_)) => serde_json::to_value(scalar).unwrap(),
    }
}

/// The logical id that a value refers to.
pub(crate) fn target(value: &Value) -> Option<&str> {
    value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str())
}

/// One or several, as IAM and CloudFormation write them.
pub(crate) fn each(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

/// Every logical id that a value depends on.
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
