//! The JSON services of AWS that the local cloud calls.

/// Service that takes JSON and the action in a header.
#[derive(Clone, Copy, Debug)]
pub struct JsonService {
    pub(super) name: &'static str,
    pub(super) target: &'static str,
    pub(super) version: &'static str,
}

/// Cognito user pools.
pub const COGNITO: JsonService =
    JsonService { name: "cognito-idp", target: "AWSCognitoIdentityProviderService", version: "1.1" };
/// DynamoDB.
pub const DYNAMODB: JsonService = JsonService { name: "dynamodb", target: "DynamoDB_20120810", version: "1.0" };
/// ECS.
pub const ECS: JsonService = JsonService { name: "ecs", target: "AmazonEC2ContainerServiceV20141113", version: "1.1" };
/// KMS.
pub const KMS: JsonService = JsonService { name: "kms", target: "TrentService", version: "1.1" };
/// CloudWatch Logs.
pub const LOGS: JsonService = JsonService { name: "logs", target: "Logs_20140328", version: "1.1" };
/// Secrets Manager.
pub const SECRETS: JsonService = JsonService { name: "secretsmanager", target: "secretsmanager", version: "1.1" };
/// SQS.
pub const SQS: JsonService = JsonService { name: "sqs", target: "AmazonSQS", version: "1.0" };
