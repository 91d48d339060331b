//! Packages the template for CloudFormation: files that it names by a local path are uploaded to S3 and replaced by their
//! address there, as `sam deploy` does.

use crate::{Error, Result, settings::LIVE_API_ID};
use serde_json::{Value, json};
use std::{path::Path, process::Command};

/// Local reference of a template that packaging replaces.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Local<'a> {
    /// Code of the function with the logical id `id`: the binary with this name.
    Code { id: &'a str, binary: &'a str },
    /// A nested template.
    Template(&'a Path),
}

/// Reads a template. CloudFormation's short tags (`!Ref`) are not plain YAML, so the template is read by the library that
/// the transform uses. The emulator transforms only the outermost template, so the loops of a nested one are unrolled
/// here, with the emulator's own code.
pub(crate) fn read(python: &Path, template: &Path) -> Result<Value> {
    const SCRIPT: &str = "import json, sys
from samtranslator.yaml_helper import yaml_parse
try:
    template = yaml_parse(open(sys.argv[1], encoding='utf-8').read())
    if template.get('Transform') == 'AWS::LanguageExtensions':
        from ministack.services.cloudformation import language_extensions
        template = language_extensions.apply(template, {})
        del template['Transform']
    json.dump(template, sys.stdout, default=str)
except Exception as error: sys.exit(str(error))";
    let output = Command::new(python).args(["-c", SCRIPT]).arg(template).output();
    let output = output.map_err(|source| Error::Start { program: python.display().to_string(), source })?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let message = String::from_utf8_lossy(&output.stderr);
        Error::Template(format!("{} cannot be read: {}", template.display(), message.trim()))
    })
}

/// Replaces each local path by the address that `place` returns. A function gets the address of the binary that its
/// metadata names for `sam build`.
pub(crate) fn rewrite(template: &mut Value, mut place: impl FnMut(Local<'_>) -> Result<String>) -> Result<()> {
    let resources = template.get_mut("Resources").and_then(Value::as_object_mut);
    for (id, resource) in resources.ok_or_else(|| Error::lacks("the template", "Resources"))? {
        match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::Serverless::Function") => {
                let binary = resource.pointer("/Metadata/BuildProperties/Binary").and_then(Value::as_str);
                let binary = binary.ok_or_else(|| Error::lacks(format!("the resource {id}"), "Binary to build"))?;
                let address = place(Local::Code { id, binary })?;
                let properties = resource.get_mut("Properties").and_then(Value::as_object_mut);
                let properties = properties.ok_or_else(|| Error::lacks(format!("the resource {id}"), "Properties"))?;
                properties.insert("CodeUri".to_owned(), Value::String(address));
            }
            Some("AWS::CloudFormation::Stack") => {
                let path = resource.pointer_mut("/Properties/TemplateURL");
                let path = path.ok_or_else(|| Error::lacks(format!("the resource {id}"), "TemplateURL"))?;
                let local = path.as_str().filter(|path| !path.contains("://"));
                let local = local.ok_or_else(|| Error::Template(format!("TemplateURL of {id} is not a local path")))?;
                *path = Value::String(place(Local::Template(Path::new(local)))?);
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// Gives the WebSocket API its id. The stack's own tag is that of the HTTP API.
pub(crate) fn pin(template: &mut Value) {
    let resources = template.get_mut("Resources").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, resource) in resources {
        if resource.pointer("/Properties/ProtocolType").is_some_and(|kind| kind == "WEBSOCKET")
            && let Some(properties) = resource.get_mut("Properties").and_then(Value::as_object_mut)
        {
            properties.insert("Tags".to_owned(), json!({ "ms-custom-id": LIVE_API_ID }));
        }
    }
}

/// Removes the statements of bucket policies that refuse plain HTTP, because the emulator speaks nothing else. A policy without
/// another statement is removed.
pub(crate) fn accept_plain_http(template: &mut Value) {
    let Some(resources) = template.get_mut("Resources").and_then(Value::as_object_mut) else { return };
    resources.retain(|_, resource| {
        let is_policy = resource.get("Type").is_some_and(|kind| kind == "AWS::S3::BucketPolicy");
        let statements = resource.pointer_mut("/Properties/PolicyDocument/Statement").and_then(Value::as_array_mut);
        let Some(statements) = statements.filter(|_| is_policy) else { return true };
        statements.retain(|statement| statement.pointer("/Condition/Bool/aws:SecureTransport").is_none());
        !statements.is_empty()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_paths_become_addresses_and_nothing_else_changes() {
        let function = json!({
            "Type": "AWS::Serverless::Function",
            "Metadata": { "BuildProperties": { "Binary": "team" } },
            "Properties": { "Timeout": 3 },
        });
        let nested =
            json!({ "Type": "AWS::CloudFormation::Stack", "Properties": { "TemplateURL": "infra/alarms.yaml" } });
        let table = json!({ "Type": "AWS::DynamoDB::Table" });
        let mut template = json!({ "Resources": { "Team": function, "Alarms": nested, "Table": table } });
        let mut asked = Vec::new();
        let placed = rewrite(&mut template, |local| {
            asked.push(format!("{local:?}"));
            Ok(format!("s3://bucket/{}", asked.len()))
        });
        placed.unwrap();
        asked.sort();
        assert_eq!(asked, [r#"Code { id: "Team", binary: "team" }"#, r#"Template("infra/alarms.yaml")"#]);
        let address =
            |id: &str, property: &str| template["Resources"][id]["Properties"][property].as_str().unwrap().to_owned();
        assert!(address("Team", "CodeUri").starts_with("s3://bucket/"));
        assert!(address("Alarms", "TemplateURL").starts_with("s3://bucket/"));
        assert_eq!(template["Resources"]["Team"]["Properties"]["Timeout"], 3);
        assert_eq!(template["Resources"]["Table"], table);
    }

    #[test]
    fn buckets_accept_plain_http() {
        let policy = |statements: Value| {
            let document = json!({ "Statement": statements });
            json!({ "Type": "AWS::S3::BucketPolicy", "Properties": { "PolicyDocument": document } })
        };
        let tls = json!({ "Effect": "Deny", "Condition": { "Bool": { "aws:SecureTransport": "false" } } });
        let other = json!({ "Effect": "Deny", "Action": "s3:BypassGovernanceRetention" });
        let bucket = json!({ "Type": "AWS::S3::Bucket" });
        let (both, only) = (policy(json!([tls, other])), policy(json!([tls])));
        let mut template = json!({ "Resources": { "Bucket": bucket, "Both": both, "Only": only } });
        accept_plain_http(&mut template);
        assert_eq!(template, json!({ "Resources": { "Bucket": bucket, "Both": policy(json!([other])) } }));
    }

    #[test]
    fn a_function_without_a_binary_is_an_error() {
        let mut template =
            json!({ "Resources": { "Team": { "Type": "AWS::Serverless::Function", "Properties": {} } } });
        let error = rewrite(&mut template, |_| Ok(String::new())).unwrap_err();
        assert_eq!(error.to_string(), "the resource Team has no Binary to build");
    }
}
