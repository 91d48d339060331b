//! What is kept, and what keeps it from getting lost or read.

use crate::stack::{STACK, Stack};
use serde_json::{Value, json};

/// The value of a condition on `ProtectData`, as it is by default: on.
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

/// Without them every link in a mail, every container's token and Stripe itself would be lost.
#[test]
fn secrets_outlive_their_stack() {
    assert_eq!(STACK.of_type("AWS::SecretsManager::Secret").count(), 4);
    for (id, secret) in STACK.of_type("AWS::SecretsManager::Secret") {
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            assert_eq!(protected(&secret[policy]), "Retain", "{id}: {policy}");
        }
        assert!(secret["Properties"]["SecretString"].is_null(), "{id} would be known to whoever reads the template");
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
    // A provider of one's own takes its place.
    let own = Stack::with(&[("IdentityIssuer", "https://id.example.com"), ("IdentityAudience", "dashboard")]);
    assert_eq!(own.0["UserPool"]["Condition"], "BuiltInUserPool");
}
