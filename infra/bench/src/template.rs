//! Functions in template.yaml, with their settings. A setting that the template does not give to a function is missing
//! here too.

use local::{Error, Result, workspace::Workspace};
use std::fs;
use yaml_serde::{Mapping, Value};

/// Function of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Package and binary.
    pub package: String,
    /// Logical id, which `sam local invoke` takes.
    pub logical_id: String,
    /// Names of its settings.
    pub settings: Vec<String>,
}

/// Reads all functions, by package.
///
/// # Errors
/// Returns an error if the template cannot be read.
pub fn functions(workspace: &Workspace) -> Result<Vec<Function>> {
    let path = workspace.root.join("template.yaml");
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let template: Value = yaml_serde::from_str(&text).map_err(|error| Error::Template(error.to_string()))?;
    let all = names(template.get("Globals").and_then(|globals| globals.get("Function")));
    let resources = template.get("Resources").and_then(Value::as_mapping);
    let resources = resources.ok_or_else(|| Error::lacks("template.yaml", "Resources"))?;
    let mut functions: Vec<_> = resources
        .iter()
        .filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some("AWS::Serverless::Function"))
        .filter_map(|(name, resource)| function(name.as_str()?, resource, &all))
        .collect();
    functions.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(functions)
}

fn function(logical_id: &str, resource: &Value, all: &[String]) -> Option<Function> {
    let package = resource.get("Metadata")?.get("BuildProperties")?.get("Binary")?.as_str()?.to_owned();
    let settings = all.iter().cloned().chain(names(resource.get("Properties"))).collect();
    Some(Function { package, logical_id: logical_id.to_owned(), settings })
}

/// Returns the names of the environment variables in `properties`.
fn names(properties: Option<&Value>) -> Vec<String> {
    let variables = properties.and_then(|properties| properties.get("Environment")?.get("Variables")?.as_mapping());
    let names = variables.into_iter().flat_map(Mapping::keys);
    names.filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect()
}
