//! Stored data, and its protection against loss and access.

use crate::stack::{STACK, Stack, each};
use serde_json::{Value, json};

/// Returns the value of a condition on `ProtectData` with its default, which is true.
fn protected(value: &Value) -> &Value {
    assert_eq!(value["Fn::If"][0], "DataProtected", "{value}");
    &value["Fn::If"][1]
}

#[test]
fn the_table_outlives_its_stack_and_can_be_restored() {
    let table = &STACK.0["Table"];
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        assert_eq!(protected(&table[policy]), "Retain", "{policy}");
    }
    let properties = &table["Properties"];
    assert_eq!(protected(&properties["DeletionProtectionEnabled"]), &json!(true));
    assert_eq!(protected(&properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]), &json!(true));
    assert_eq!(properties["SSESpecification"]["SSEEnabled"], true);
}

/// Without the secrets, every link in an e-mail, every container's token and the access to Stripe would be lost.
#[test]
fn secrets_outlive_their_stack() {
    assert_eq!(STACK.of_type("AWS::SecretsManager::Secret").count(), 5);
    for (id, secret) in STACK.of_type("AWS::SecretsManager::Secret") {
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            assert_eq!(protected(&secret[policy]), "Retain", "{id}: {policy}");
        }
        assert!(secret["Properties"]["SecretString"].is_null(), "{id} would be readable in the template");
    }
}

/// The operator has published the public half of the key, and earlier checkpoints verify with no other.
#[test]
fn the_key_of_checkpoints_outlives_its_stack() {
    let key = &STACK.0["CheckpointKey"];
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        assert_eq!(protected(&key[policy]), "Retain", "{policy}");
    }
    assert_eq!(key["Properties"]["KeySpec"], "ECC_NIST_P256");
    assert_eq!(key["Properties"]["KeyUsage"], "SIGN_VERIFY");
}

#[test]
fn checkpoints_are_locked_longer_than_records_are_kept() {
    let bucket = &STACK.0["CheckpointBucket"];
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        assert_eq!(bucket[policy], "Retain", "{policy}");
    }
    let bucket = &bucket["Properties"];
    assert_eq!(bucket["ObjectLockEnabled"], true);
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    let retention = &protected(&bucket["ObjectLockConfiguration"])["Rule"]["DefaultRetention"];
    assert_eq!(retention["Mode"], "GOVERNANCE");
    // No plan and no contract keeps a record for more than 730 days.
    assert!(retention["Days"].as_u64() > Some(730), "{retention}");
    for block in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
        assert_eq!(bucket["PublicAccessBlockConfiguration"][block], true, "{block}");
    }
    assert_eq!(bucket["OwnershipControls"]["Rules"], json!([{ "ObjectOwnership": "BucketOwnerEnforced" }]));
    let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
    assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");

    let statements = &STACK.properties("CheckpointBucketPolicy")["PolicyDocument"]["Statement"];
    let [tls, bypass] = each(statements)[..] else { panic!("two statements: {statements}") };
    for denied in [tls, bypass] {
        assert_eq!((&denied["Effect"], &denied["Principal"]), (&json!("Deny"), &json!("*")));
    }
    assert_eq!(tls["Condition"], json!({ "Bool": { "aws:SecureTransport": "false" } }));
    assert_eq!(bypass["Action"], "s3:BypassGovernanceRetention");
}

#[test]
fn queues_are_encrypted() {
    assert!(STACK.of_type("AWS::SQS::Queue").count() >= 9);
    for (id, queue) in STACK.of_type("AWS::SQS::Queue") {
        assert_eq!(queue["Properties"]["SqsManagedSseEnabled"], true, "{id}");
    }
}

#[test]
fn people_can_sign_in_after_a_stack_is_gone() {
    let pool = &STACK.0["UserPool"];
    assert_eq!(protected(&pool["DeletionPolicy"]), "Retain");
    assert_eq!(protected(&pool["Properties"]["DeletionProtection"]), "ACTIVE");
    // An identity provider of the operator takes the place of the user pool.
    let own = Stack::with(&[("IdentityIssuer", "https://id.example.com"), ("IdentityAudience", "dashboard")]);
    assert_eq!(own.0["UserPool"]["Condition"], "BuiltInUserPool");
}
