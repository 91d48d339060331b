//! Distance of the stack from the limits of AWS that a further function or route brings nearer. `capacity.txt` has the
//! numbers; `UPDATE_EXPECT=1` rewrites it.

use crate::{
    stack::{API, STACK, Stack, nested, target},
    templates::root,
};
use expect_test::expect_file;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs};

/// Largest part of a limit that may be used, in percent. Above it, the template has to be divided first.
const USED: usize = 80;

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>: resources of a template,
/// and bytes of a template in S3. Nested templates have limits of their own.
const RESOURCES: usize = 500;
const TEMPLATE: usize = 1_000_000;
const PARAMETERS: usize = 200;
const OUTPUTS: usize = 200;
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>: routes of an HTTP API.
const ROUTES: usize = 300;
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>: bytes of a function's resource-based policy.
const POLICY: usize = 20 * 1024;
/// Longest values of the names in a permission's source. The ids of APIs and the stage have fixed lengths.
const LONGEST: [(&str, &str); 5] = [
    ("${AWS::Partition}", "aws-us-gov"),
    ("${AWS::Region}", "ap-southeast-1"),
    ("${AWS::AccountId}", "123456789012"),
    ("${__ApiId__}", "0123456789"),
    ("${__Stage__}", "*"),
];

/// Returns an upper bound of the statement that a permission adds to the policy of its function, with the longest names: 64 characters for
/// a function, 100 for a statement.
fn statement(permission: &Value) -> Value {
    let (name, sid) = ("x".repeat(64), "x".repeat(100));
    let source = permission["SourceArn"].to_string();
    let source = LONGEST.iter().fold(source, |text, (name, value)| text.replace(name, value));
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Principal": { "Service": permission["Principal"] },
        "Action": permission["Action"],
        "Resource": format!("arn:aws-us-gov:lambda:ap-southeast-1:123456789012:function:{name}:live"),
        "Condition": { "ArnLike": { "AWS:SourceArn": source } },
    })
}

fn policies(stack: &Stack) -> BTreeMap<String, usize> {
    let mut policies = BTreeMap::new();
    for (_, permission) in stack.of_type("AWS::Lambda::Permission") {
        let permission = &permission["Properties"];
        let name = &permission["FunctionName"];
        let function = target(name).or_else(|| target(&name["Fn::Sub"][1]["Function"])).unwrap().to_owned();
        *policies.entry(function).or_default() += statement(permission).to_string().len();
    }
    policies
}

fn sections(template: &Value, name: &str) -> usize {
    template[name].as_object().map_or(0, serde_json::Map::len)
}

#[test]
fn capacity_of_the_stack_is_not_used_up() {
    let mut rows = Vec::new();
    for path in [
        "template.yaml",
        "infra/dashboard.yaml",
        "infra/network.yaml",
        "infra/observability.yaml",
        "infra/runtime.yaml",
    ] {
        // With gradual deployments each function also has a version, an alias and a deployment group.
        let stack =
            if path == "template.yaml" { Stack::with(&[("GradualDeployment", "true")]).0 } else { nested(path) };
        rows.push((format!("{path}: resources"), stack.len(), RESOURCES));
        let bytes = json!(stack).to_string().len().max(fs::metadata(root().join(path)).unwrap().len() as usize);
        rows.push((format!("{path}: bytes"), bytes, TEMPLATE));
        let template = crate::templates::read(path);
        rows.push((format!("{path}: parameters"), sections(&template, "Parameters"), PARAMETERS));
        rows.push((format!("{path}: outputs"), sections(&template, "Outputs"), OUTPUTS));
    }
    let paths = STACK.properties(API)["Body"]["paths"].as_object().unwrap().values();
    rows.push(("Api: routes".to_owned(), paths.map(|methods| methods.as_object().unwrap().len()).sum(), ROUTES));
    let policies = policies(&STACK).into_iter();
    rows.extend(policies.map(|(function, bytes)| (format!("{function}: bytes of its resource policy"), bytes, POLICY)));
    let mut text = "Limits of AWS, with the part of each that is used. At most 80 % may be.\n\n".to_owned();
    for (what, used, limit) in &rows {
        text += &format!("{what:<58}{used:>8} of {limit:>8}{:>5} %\n", used * 100 / limit);
    }
    expect_file!["capacity.txt"].assert_eq(&text);
    let full: Vec<_> = rows.iter().filter(|(_, used, limit)| used * 100 > limit * USED).collect();
    assert!(full.is_empty(), "more than {USED} % is used: {full:?}");
}
