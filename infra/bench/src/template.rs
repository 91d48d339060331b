//! Functions in template.yaml, with their settings. A setting that the template does not give to a function is missing
//! here too.

use local::{Error, Result, workspace::Workspace};
use std::{fs, path::Path};
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
    /// Sample event at which it is measured, as its part of the template (`functions/<package>/template.yaml`) names it.
    pub measured: String,
}

/// Reads all functions, by package.
///
/// # Errors
/// Returns an error if the template cannot be read.
pub fn functions(workspace: &Workspace) -> Result<Vec<Function>> {
    let template = read(&workspace.root.join("template.yaml"))?;
    let all = names(template.get("Globals").and_then(|globals| globals.get("Function")));
    let resources = template.get("Resources").and_then(Value::as_mapping);
    let resources = resources.ok_or_else(|| Error::lacks("template.yaml", "Resources"))?;
    let mut functions = resources
        .iter()
        .filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some("AWS::Serverless::Function"))
        .filter_map(|(name, resource)| function(workspace, name.as_str()?, resource, &all))
        .collect::<Result<Vec<_>>>()?;
    functions.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(functions)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(Error::file(path))?;
    yaml_serde::from_str(&text).map_err(|error| Error::Template(error.to_string()))
}

fn function(workspace: &Workspace, logical_id: &str, resource: &Value, all: &[String]) -> Option<Result<Function>> {
    let package = resource.get("Metadata")?.get("BuildProperties")?.get("Binary")?.as_str()?.to_owned();
    let settings = all.iter().cloned().chain(names(resource.get("Properties"))).collect();
    let measured = measured(workspace, &package);
    Some(measured.map(|measured| Function { package, logical_id: logical_id.to_owned(), settings, measured }))
}

fn measured(workspace: &Workspace, package: &str) -> Result<String> {
    let path = workspace.root.join("functions").join(package).join("template.yaml");
    let part = read(&path)?;
    let event = part.get("Metadata").and_then(|metadata| metadata.get("Function")?.get("Measured")?.as_str());
    event.map(ToOwned::to_owned).ok_or_else(|| Error::lacks(path.display().to_string(), "Metadata.Function.Measured"))
}

/// Returns the names of the environment variables in `properties`.
fn names(properties: Option<&Value>) -> Vec<String> {
    let variables = properties.and_then(|properties| properties.get("Environment")?.get("Variables")?.as_mapping());
    let names = variables.into_iter().flat_map(Mapping::keys);
    names.filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect()
}
