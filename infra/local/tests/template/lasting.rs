//! Logical ids and physical names that deployed stacks depend on.

use crate::stack::{STACK, nested};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Properties whose change makes CloudFormation replace a resource or its value. The list names each, and absent ones as
/// null. Types without data whose names are not used outside the stack are left out.
fn properties(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "AWS::ApiGatewayV2::Api" => &["ProtocolType"],
        "AWS::ApiGatewayV2::Stage" => &["ApiId", "StageName"],
        "AWS::CloudFormation::Stack" | "AWS::CloudFront::Distribution" | "AWS::EC2::InternetGateway" => &[],
        "AWS::Cognito::UserPool" => &["AliasAttributes", "Schema", "UsernameAttributes", "UsernameConfiguration"],
        "AWS::Cognito::UserPoolClient" => &["GenerateSecret", "UserPoolId"],
        "AWS::DynamoDB::Table" => &["AttributeDefinitions", "GlobalSecondaryIndexes", "KeySchema", "TableName"],
        "AWS::EC2::SecurityGroup" => &["GroupDescription", "GroupName", "VpcId"],
        "AWS::EC2::Subnet" => &["AvailabilityZone", "CidrBlock", "VpcId"],
        "AWS::EC2::VPC" => &["CidrBlock"],
        "AWS::ECS::Cluster" => &["ClusterName"],
        "AWS::ECS::TaskDefinition" => &["Family"],
        "AWS::IAM::Role" => &["Path", "RoleName"],
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

fn lasting(resources: &BTreeMap<String, Value>) -> Value {
    let lasting = resources.iter().filter_map(|(id, resource)| {
        let kind = resource["Type"].as_str().unwrap();
        let fixed = properties(kind)?.iter().map(|name| ((*name).to_owned(), resource["Properties"][*name].clone()));
        let fields: Map<_, _> = [("Type".to_owned(), json!(kind))].into_iter().chain(fixed).collect();
        Some((id.clone(), Value::Object(fields)))
    });
    Value::Object(lasting.collect())
}

/// A changed id or name gives a deployed stack a new, empty resource: a table without its items, a queue without its
/// messages, or a URL that neither Stripe nor a running container knows. Edit `lasting.json` by hand, together with a
/// migration. Nothing rewrites it.
#[test]
fn lasting_resources_keep_their_ids_and_names() {
    let listed: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(include_str!("lasting.json")).unwrap();
    let mut deployed = BTreeMap::from([("template.yaml".to_owned(), lasting(&STACK.0))]);
    for path in ["infra/dashboard.yaml", "infra/network.yaml", "infra/observability.yaml", "infra/runtime.yaml"] {
        deployed.insert(path.to_owned(), lasting(&nested(path)));
    }
    assert!(listed.keys().eq(deployed.keys()), "{:?}", listed.keys());
    let mut changed = Vec::new();
    for (template, resources) in &deployed {
        let (listed, resources) = (&listed[template], resources.as_object().unwrap());
        for (id, resource) in resources {
            if listed.get(id) != Some(resource) {
                changed.push(format!("{template}: {id}: listed as {:?}, but is {resource}", listed.get(id)));
            }
        }
        let gone = listed.keys().filter(|id| !resources.contains_key(*id));
        changed.extend(gone.map(|id| format!("{template}: {id}: listed, but gone")));
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
