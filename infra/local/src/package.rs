//! The template as CloudFormation takes it: what it names by a local path is put into S3 and named by its address there,
//! as `sam deploy` does.

use crate::{Error, Result};
use serde_json::Value;
use std::{path::Path, process::Command};

/// Where the template names a local file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Local<'a> {
    /// The code of the function with this logical id.
    Code(&'a str, &'a Path),
    /// A nested template.
    Template(&'a Path),
}

/// Reads a template. CloudFormation's short tags (`!Ref`) are not plain YAML, so it is read by the library that the
/// transform itself uses.
pub(crate) fn read(python: &Path, template: &Path) -> Result<Value> {
    const SCRIPT: &str = "import json, sys; from samtranslator.yaml_helper import yaml_parse
try: json.dump(yaml_parse(open(sys.argv[1], encoding='utf-8').read()), sys.stdout, default=str)
except Exception as error: sys.exit(str(error))";
    let output = Command::new(python).args(["-c", SCRIPT]).arg(template).output();
    let output = output.map_err(|source| Error::Start { program: python.display().to_string(), source })?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let message = String::from_utf8_lossy(&output.stderr);
        Error::Template(format!("{} cannot be read: {}", template.display(), message.trim()))
    })
}

/// Replaces each local path by the address that `place` gives it.
pub(crate) fn rewrite(template: &mut Value, mut place: impl FnMut(Local<'_>) -> Result<String>) -> Result<()> {
    let resources = template.get_mut("Resources").and_then(Value::as_object_mut);
    for (id, resource) in resources.ok_or_else(|| Error::lacks("the template", "Resources"))? {
        let property = match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::Serverless::Function") => "CodeUri",
            Some("AWS::CloudFormation::Stack") => "TemplateURL",
            Some("AWS::Serverless::Application") => "Location",
            Some(_) | None => continue,
        };
        let value = resource.pointer_mut(&format!("/Properties/{property}"));
        let value = value.ok_or_else(|| Error::lacks(format!("the resource {id}"), property))?;
        let path = value.as_str().ok_or_else(|| Error::Template(format!("{property} of {id} is no path")))?;
        if !path.contains("://") {
            let path = Path::new(path);
            let local = if property == "CodeUri" { Local::Code(id, path) } else { Local::Template(path) };
            *value = Value::String(place(local)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn local_paths_become_addresses_and_nothing_else_changes() {
        let function = |code: &str| json!({ "Type": "AWS::Serverless::Function", "Properties": { "CodeUri": code, "Timeout": 3 } });
        let nested = |url: &str| json!({ "Type": "AWS::CloudFormation::Stack", "Properties": { "TemplateURL": url } });
        let table = json!({ "Type": "AWS::DynamoDB::Table" });
        let mut template = json!({ "Resources": {
            "Team": function("target/lambda/team/"), "Kept": function("s3://b/k"), "Alarms": nested("infra/alarms.yaml"), "Table": table,
        } });
        let mut asked = Vec::new();
        let placed = rewrite(&mut template, |local| {
            asked.push(format!("{local:?}"));
            Ok(format!("s3://bucket/{}", asked.len()))
        });
        placed.unwrap();
        asked.sort();
        assert_eq!(asked, [r#"Code("Team", "target/lambda/team/")"#, r#"Template("infra/alarms.yaml")"#]);
        let address =
            |id: &str, property: &str| template["Resources"][id]["Properties"][property].as_str().unwrap().to_owned();
        assert!(address("Team", "CodeUri").starts_with("s3://bucket/"));
        assert!(address("Alarms", "TemplateURL").starts_with("s3://bucket/"));
        assert_eq!(address("Kept", "CodeUri"), "s3://b/k");
        assert_eq!(template["Resources"]["Team"]["Properties"]["Timeout"], 3);
        assert_eq!(template["Resources"]["Table"], table);
    }

    #[test]
    fn a_function_without_code_is_told() {
        let mut template =
            json!({ "Resources": { "Team": { "Type": "AWS::Serverless::Function", "Properties": {} } } });
        let error = rewrite(&mut template, |_| Ok(String::new())).unwrap_err();
        assert_eq!(error.to_string(), "the resource Team has no CodeUri");
    }
}
