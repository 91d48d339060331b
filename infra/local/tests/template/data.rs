//! Stored data, and its protection against loss and access.

use crate::stack::{STACK, Stack};
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
