//! Logical ids and physical names that deployed stacks depend on.

use crate::{
    stack::{STACK, nested},
    templates::root,
};
use expect_test::expect_file;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs};

/// Properties whose change makes CloudFormation replace a resource or its value. The list names each, and absent ones as
/// null. Types without data whose names are not used outside the stack are left out.
fn properties(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "AWS::ApiGatewayV2::Api" => &["ProtocolType"],
        "AWS::ApiGatewayV2::Stage" => &["ApiId", "StageName"],
        "AWS::CloudFormation::Stack" | "AWS::CloudFront::Distribution" | "AWS::EC2::InternetGateway" => &[],
        "AWS::Cognito::UserPool" => &["AliasAttributes", "Schema", "UsernameAttributes", "UsernameConfiguration"],
        "AWS::Cognito::UserPoolClient" => &["GenerateSecret", "UserPoolId"],
        "AWS::Cognito::UserPoolGroup" => &["GroupName", "UserPoolId"],
        "AWS::DynamoDB::Table" => &["AttributeDefinitions", "GlobalSecondaryIndexes", "KeySchema", "TableName"],
        "AWS::EC2::SecurityGroup" => &["GroupDescription", "GroupName", "VpcId"],
        "AWS::EC2::Subnet" => &["AvailabilityZone", "CidrBlock", "VpcId"],
        "AWS::EC2::VPC" => &["CidrBlock"],
        "AWS::ECS::Cluster" => &["ClusterName"],
        "AWS::ECS::TaskDefinition" => &["Family"],
        "AWS::IAM::Role" => &["Path", "RoleName"],
        "AWS::KMS::Key" => &["KeySpec", "KeyUsage", "MultiRegion", "Origin"],
        "AWS::Lambda::Alias" => &["FunctionName", "Name"],
        "AWS::Lambda::Function" => &["FunctionName", "PackageType"],
        "AWS::Lambda::Url" => &["AuthType", "Qualifier", "TargetFunctionArn"],
        "AWS::Logs::LogGroup" => &["LogGroupName"],
        "AWS::S3::Bucket" => &["BucketName"],
        "AWS::SNS::Topic" => &["FifoTopic", "TopicName"],
        "AWS::SQS::Queue" => &["FifoQueue", "QueueName"],
        "AWS::SecretsManager::Secret" => &["GenerateSecretString", "Name", "SecretString"],
        _ => return None,
    })
}

/// Lists the lasting resources of a template, each as a line of `lasting.json`.
fn lasting(resources: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let lasting = resources.iter().filter_map(|(id, resource)| {
        let kind = resource["Type"].as_str().unwrap();
        let fields =
            properties(kind)?.iter().map(|name| format!(", {name:?}: {}", spaced(&resource["Properties"][*name])));
        Some((id.clone(), format!("    {id:?}: {{\"Type\": {kind:?}{}}}", fields.collect::<String>())))
    });
    lasting.collect()
}

/// Serializes a value on one line with spaces.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{}: {}", json!(name), spaced(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar.to_string(),
    }
}

/// A changed id or name gives a deployed stack a new, empty resource: a table without its items, a queue without its
/// messages, or a URL that neither Stripe nor a running container knows. `UPDATE_EXPECT=1` adds new resources to
/// `lasting.json`. Nothing rewrites a line or removes one: edit it by hand, together with a migration.
#[test]
fn lasting_resources_keep_their_ids_and_names() {
    let path = root().join("infra/local/tests/template/lasting.json");
    let text = fs::read_to_string(&path).unwrap();
    let listed: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    let (mut lines, mut section) = (BTreeMap::new(), "");
    for line in text.lines() {
        match line.split('"').nth(1) {
            Some(id) if line.starts_with("    ") => drop(lines.insert((section, id), line.trim_end_matches(','))),
            Some(template) => section = template,
            None => {}
        }
    }
    let mut deployed = BTreeMap::from([("template.yaml".to_owned(), lasting(&STACK.0))]);
    for path in ["infra/dashboard.yaml", "infra/network.yaml", "infra/observability.yaml", "infra/runtime.yaml"] {
        deployed.insert(path.to_owned(), lasting(&nested(path)));
    }
    assert!(listed.keys().eq(deployed.keys()), "{:?}", listed.keys());
    let mut changed = Vec::new();
    let mut extended = Vec::new();
    for (template, mut resources) in deployed {
        for (id, resource) in &listed[&template] {
            match resources.remove(id) {
                None => changed.push(format!("{template}: {id}: listed, but gone")),
                Some(now) => {
                    let parsed: BTreeMap<String, Value> = serde_json::from_str(&format!("{{{now}}}")).unwrap();
                    if parsed[id] != *resource {
                        changed.push(format!("{template}: {id}: listed as {resource}, but is {}", parsed[id]));
                    }
                }
            }
        }
        // The listed lines stay as they are, and the new ones are added.
        let kept = lines.iter().filter(|((section, _), _)| *section == template);
        resources.extend(kept.map(|((_, id), line)| ((*id).to_owned(), (*line).to_owned())));
        let entries: Vec<_> = resources.into_values().collect();
        extended.push(format!("  {template:?}: {{\n{}\n  }}", entries.join(",\n")));
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    expect_file![path].assert_eq(&format!("{{\n{}\n}}\n", extended.join(",\n")));
}
