//! The stack: packages it, deploys it with CloudFormation, waits for the end, and reads the result.

use crate::{
    Error, Result,
    aws::Aws,
    clock,
    programs::{Binaries, functions},
    settings::{ACCOUNT, API_ID, REGION},
    template::package::{self, Local},
};
use roxmltree::{Document, Node};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

/// Name of the stack.
pub(crate) const NAME: &str = "berth";
const BUCKET: &str = "berth-artifacts";
const API: &str = "2010-05-15";

/// Deployed stack.
pub(crate) struct Stack {
    /// True if anything was deployed; the stack may have been up to date.
    pub(crate) changed: bool,
    /// Parameter values, given or by default.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Outputs of the template.
    pub(crate) outputs: BTreeMap<String, String>,
    /// Physical ids of resources, by logical id.
    pub(crate) resources: BTreeMap<String, String>,
    /// Logical ids of the functions, by folder.
    pub(crate) functions: BTreeMap<String, String>,
    /// The template after its transforms.
    pub(crate) template: Value,
}

impl Stack {
    /// Returns the physical id of the function in this folder.
    pub(crate) fn function(&self, folder: &str) -> Option<&String> {
        self.resources.get(self.functions.get(folder)?)
    }

    /// Returns the value of the output `name`.
    pub(crate) fn output(&self, name: &str) -> Result<String> {
        self.outputs.get(name).cloned().ok_or_else(|| Error::lacks("the stack", format!("output {name}")))
    }

    /// Returns the ARNs of the functions, by logical id.
    pub(crate) fn arns(&self) -> BTreeMap<String, String> {
        let arn = |name: &String| format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
        self.functions.values().filter_map(|id| Some((id.clone(), arn(self.resources.get(id)?)))).collect()
    }
}

/// Deploys the template in `root` with these parameters.
pub(crate) fn deploy(
    aws: &Aws,
    python: &Path,
    root: &Path,
    binaries: &Binaries,
    parameters: &[(&str, &str)],
) -> Result<Stack> {
    let mut artifacts = Artifacts { aws, python, root, binaries, functions: BTreeMap::new() };
    aws.put(&format!("/{BUCKET}"), Vec::new())?;
    let url = artifacts.template(Path::new("template.yaml"))?;
    let mut request = vec![
        ("StackName".to_owned(), NAME.to_owned()),
        ("TemplateURL".to_owned(), url),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_IAM".to_owned()),
        ("Capabilities.member.2".to_owned(), "CAPABILITY_AUTO_EXPAND".to_owned()),
        // The emulator takes the API's id from this tag, so that the API's host is known before the deployment.
        ("Tags.member.1.Key".to_owned(), "ms-custom-id".to_owned()),
        ("Tags.member.1.Value".to_owned(), API_ID.to_owned()),
    ];
    for (index, (name, value)) in (1..).zip(parameters) {
        request.push((format!("Parameters.member.{index}.ParameterKey"), (*name).to_owned()));
        request.push((format!("Parameters.member.{index}.ParameterValue"), (*value).to_owned()));
    }
    let functions = artifacts.functions;
    let changed = create_or_update(aws, &request)?;
    let description = wait(aws)?;
    let document = parse(&description)?;
    Ok(Stack {
        changed,
        functions,
        parameters: pairs(&document, "Parameters", "ParameterKey", "ParameterValue"),
        outputs: pairs(&document, "Outputs", "OutputKey", "OutputValue"),
        resources: resources(aws)?,
        template: processed(aws)?,
    })
}

/// Uploads to S3.
struct Artifacts<'a> {
    aws: &'a Aws,
    python: &'a Path,
    root: &'a Path,
    binaries: &'a Binaries,
    functions: BTreeMap<String, String>,
}

impl Artifacts<'_> {
    /// Uploads a template and the files that it names, and returns its address.
    fn template(&mut self, path: &Path) -> Result<String> {
        let mut template = package::read(self.python, &self.root.join(path))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        package::rewrite(&mut template, |local| match local {
            Local::Code { id, binary } => self.code(id, binary),
            Local::Template(path) => self.template(&folder.join(path)),
        })?;
        package::pin(&mut template);
        package::accept_plain_http(&mut template);
        let key = format!("/{BUCKET}/{}.json", path.display().to_string().replace('/', "-"));
        self.aws.put(&key, template.to_string().into_bytes())?;
        Ok(format!("{}{key}", self.aws.endpoint()))
    }

    /// Uploads a function's binary, unless this build of it is there.
    fn code(&mut self, id: &str, name: &str) -> Result<String> {
        let missing =
            || Error::Template(format!("{id} names the binary {name}, but cargo built no function of that name"));
        let binary: &PathBuf = self.binaries.get(name).ok_or_else(missing)?;
        let key = format!("{name}-{}.zip", functions::version(binary)?);
        if !self.aws.has(&format!("/{BUCKET}/{key}"))? {
            self.aws.put(&format!("/{BUCKET}/{key}"), functions::package(binary)?)?;
        }
        self.functions.insert(name.to_owned(), id.to_owned());
        Ok(format!("s3://{BUCKET}/{key}"))
    }
}

fn query(aws: &Aws, action: &str, parameters: &[(String, String)]) -> Result<String> {
    aws.query("cloudformation", API, action, parameters)
}

fn named() -> Vec<(String, String)> {
    vec![("StackName".to_owned(), NAME.to_owned())]
}

/// Creates or updates the stack. Returns true if anything changed.
fn create_or_update(aws: &Aws, request: &[(String, String)]) -> Result<bool> {
    match query(aws, "CreateStack", request) {
        Ok(_) => return Ok(true),
        Err(error) if error.code() == Some("AlreadyExistsException") => {}
        Err(error) => return Err(error),
    }
    match query(aws, "UpdateStack", request) {
        Ok(_) => Ok(true),
        Err(Error::Refused { message, .. }) if message.starts_with("No updates") => Ok(false),
        Err(error) => Err(error),
    }
}

/// Waits until the operation ends and returns the stack's description.
fn wait(aws: &Aws) -> Result<String> {
    let settled = clock::wait_for(Duration::from_secs(120), || {
        let description = query(aws, "DescribeStacks", &named())?;
        let status = text(parse(&description)?.root(), "StackStatus").unwrap_or_default();
        Ok::<_, Error>((!status.ends_with("_IN_PROGRESS")).then_some((status, description)))
    })?;
    match settled {
        Some((status, description)) if matches!(status.as_str(), "CREATE_COMPLETE" | "UPDATE_COMPLETE") => {
            Ok(description)
        }
        Some((status, _)) => Err(Error::Stack { status, reasons: reasons(aws)? }),
        None => Err(Error::Stack { status: "no result after two minutes".to_owned(), reasons: reasons(aws)? }),
    }
}

/// Lists the failed events in order, including those of nested stacks.
fn reasons(aws: &Aws) -> Result<String> {
    let events = query(aws, "DescribeStackEvents", &named())?;
    let document = parse(&events)?;
    let failed = document
        .descendants()
        .filter(|node| text(*node, "ResourceStatus").is_some_and(|status| status.ends_with("FAILED")));
    let mut lines: Vec<String> = failed
        .filter(|node| node.tag_name().name() == "member")
        .map(|node| {
            let part = |name| text(node, name).unwrap_or_default();
            format!("  {} ({}): {}", part("LogicalResourceId"), part("ResourceType"), part("ResourceStatusReason"))
        })
        .collect();
    lines.reverse();
    Ok(lines.join("\n"))
}

fn resources(aws: &Aws) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut request = named();
    loop {
        let answer = query(aws, "ListStackResources", &request)?;
        let document = parse(&answer)?;
        found.extend(pairs(&document, "StackResourceSummaries", "LogicalResourceId", "PhysicalResourceId"));
        let Some(token) = text(document.root(), "NextToken") else { return Ok(found) };
        request = named();
        request.push(("NextToken".to_owned(), token));
    }
}

fn processed(aws: &Aws) -> Result<Value> {
    let mut request = named();
    request.push(("TemplateStage".to_owned(), "Processed".to_owned()));
    let answer = query(aws, "GetTemplate", &request)?;
    let body = text(parse(&answer)?.root(), "TemplateBody").unwrap_or_default();
    serde_json::from_str(&body).map_err(|_| Error::lacks("GetTemplate", "processed template"))
}

fn parse(xml: &str) -> Result<Document<'_>> {
    Document::parse(xml).map_err(|error| Error::lacks("CloudFormation's answer", format!("readable XML: {error}")))
}

/// Returns the text of the first element of this name below `node`.
fn text(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.descendants().find(|node| node.tag_name().name() == name)?.text().map(str::to_owned)
}

/// Returns the members of a list as a map.
fn pairs(document: &Document<'_>, list: &str, key: &str, value: &str) -> BTreeMap<String, String> {
    let list = document.descendants().find(|node| node.tag_name().name() == list);
    let members = list.into_iter().flat_map(|list| list.children().filter(Node::is_element));
    members.filter_map(|member| Some((text(member, key)?, text(member, value).unwrap_or_default()))).collect()
}
