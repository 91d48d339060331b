//! template.yaml after its transforms, as CloudFormation processes it, for tests of the whole template. It is produced
//! here, without a cloud.

use crate::{
    Error, Result,
    programs::python,
    template::package::{self, Local},
    workspace::Workspace,
};
use serde_json::{Map, Value, json};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Reads a template and the parameters, and writes the result of its two transforms: the emulator's implementation of the
/// language extensions, then SAM's own. It calls no cloud: the session only names the region.
const SCRIPT: &str = "import json, sys, boto3
from ministack.services.cloudformation import language_extensions
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
template, parameters = json.load(sys.stdin)
template = language_extensions.apply(template, parameters)
session = boto3.session.Session(region_name='eu-central-1', aws_access_key_id='-', aws_secret_access_key='-')
json.dump(Translator({}, Parser(), boto_session=session).translate(template, parameters), sys.stdout)";

/// Transforms the template. Parameters that are not in `parameters` have their defaults, or keep their names as values.
///
/// # Errors
/// Returns an error if no supported Python is found, or if the template cannot be transformed.
pub fn transformed(workspace: &Workspace, parameters: &[(&str, &str)]) -> Result<Value> {
    let python = python::environment(&workspace.root, &workspace.target)?;
    let mut template = package::read(&python, &workspace.root.join("template.yaml"))?;
    let declared = template.get("Parameters").and_then(Value::as_object).into_iter().flatten();
    let mut values: Map<String, Value> = declared
        .map(|(name, parameter)| (name.clone(), parameter.get("Default").cloned().unwrap_or_else(|| json!(name))))
        .collect();
    values.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
    package::rewrite(&mut template, |local| {
        Ok(match local {
            Local::Code { binary, .. } => format!("s3://artifacts/{binary}"),
            Local::Template(path) => path.display().to_string(),
        })
    })?;
    let start = |source| Error::Start { program: python.display().to_string(), source };
    let mut child = Command::new(&python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(json!([template, values]).to_string().as_bytes()).map_err(start)?;
    }
    let output = child.wait_with_output().map_err(start)?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| Error::Template(format!("it cannot be transformed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// Reads a nested template and unrolls its loops.
///
/// # Errors
/// Returns an error if no supported Python is found, or if the template cannot be read.
pub fn nested(workspace: &Workspace, path: &str) -> Result<Value> {
    package::read(&python::environment(&workspace.root, &workspace.target)?, &workspace.root.join(path))
}
