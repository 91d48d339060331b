//! Permissions of the functions.

use crate::stack::{STACK, each, target};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Actions on any resource, because AWS supports no resource-level permissions for them.
const UNBOUND: [(&str, &str); 6] = [
    ("TracingPolicy", "xray:PutTraceSegments"),
    ("TracingPolicy", "xray:PutTelemetryRecords"),
    // Restricted by the cluster in its condition.
    ("ConsoleRole", "ecs:ListTasks"),
    ("OperatorRole", "ecs:ListTasks"),
    ("ReconcilerRole", "ecs:ListTasks"),
    ("DoctorRole", "ecs:ListTasks"),
];

/// Returns the statements of all policies, each with the logical id of its resource.
fn statements() -> Vec<(&'static str, &'static Value)> {
    let roles = STACK.of_type("AWS::IAM::Role").flat_map(|(id, role)| {
        let policies = each(&role["Properties"]["Policies"]).into_iter();
        policies.map(move |policy| (id, &policy["PolicyDocument"]["Statement"]))
    });
    let policies = STACK.of_type("AWS::IAM::ManagedPolicy");
    let policies = policies.map(|(id, policy)| (id, &policy["Properties"]["PolicyDocument"]["Statement"]));
    roles.chain(policies).flat_map(|(id, statement)| each(statement).into_iter().map(move |one| (id, one))).collect()
}

#[test]
fn each_function_has_its_own_role() {
    let functions = STACK.of_type("AWS::Lambda::Function");
    let roles: Vec<_> = functions.map(|(_, function)| target(&function["Properties"]["Role"]).unwrap()).collect();
    assert_eq!(roles.iter().collect::<BTreeSet<_>>().len(), roles.len(), "{roles:?}");
    // The transform creates no role, and none is unused.
    assert_eq!(STACK.of_type("AWS::IAM::Role").count(), roles.len());
    for role in roles {
        let trusted = &STACK.properties(role)["AssumeRolePolicyDocument"]["Statement"];
        assert_eq!(trusted[0]["Principal"]["Service"], "lambda.amazonaws.com", "{role}");
        let managed = each(&STACK.properties(role)["ManagedPolicyArns"]);
        assert_eq!(managed.iter().map(|policy| target(policy)).collect::<Vec<_>>(), [Some("TracingPolicy")], "{role}");
    }
}

#[test]
fn no_action_is_a_wildcard() {
    assert!(statements().len() > 40);
    for (id, statement) in statements() {
        assert!(statement["NotAction"].is_null() && statement["NotResource"].is_null(), "{id}: {statement}");
        for action in each(&statement["Action"]) {
            assert!(!action.as_str().unwrap().contains('*'), "{id} may {action}");
        }
    }
}

#[test]
fn any_resource_is_allowed_only_where_aws_has_none() {
    let mut unbound = BTreeSet::new();
    for (id, statement) in statements() {
        if each(&statement["Resource"]).iter().any(|resource| *resource == "*") {
            unbound.extend(each(&statement["Action"]).into_iter().map(|action| (id, action.as_str().unwrap())));
        }
    }
    assert_eq!(unbound, BTreeSet::from(UNBOUND));
}

#[test]
fn only_the_sweeper_signs_and_stores_checkpoints() {
    let mut allowed = Vec::new();
    for (id, statement) in statements() {
        let actions = each(&statement["Action"]).into_iter().map(|action| action.as_str().unwrap());
        let actions = actions.filter(|action| action.starts_with("kms:") || action.starts_with("s3:"));
        allowed.extend(actions.map(|action| (id, action, &statement["Resource"])));
    }
    let (key, objects) =
        (json!({ "Fn::GetAtt": ["CheckpointKey", "Arn"] }), json!({ "Fn::Sub": "${CheckpointBucket.Arn}/*" }));
    assert_eq!(allowed, [("SweeperRole", "kms:Sign", &key), ("SweeperRole", "s3:PutObject", &objects)]);
}

/// The callers of functions are AWS services, on behalf of resources of this stack. The exceptions are the two URLs,
/// which verify their callers themselves.
#[test]
fn only_two_functions_can_be_called_by_anybody() {
    let mut public = BTreeSet::new();
    for (id, permission) in STACK.of_type("AWS::Lambda::Permission") {
        let properties = &permission["Properties"];
        if properties["Principal"] == "*" {
            let by_url = &properties["FunctionUrlAuthType"] == "NONE" || properties["InvokedViaFunctionUrl"] == true;
            assert!(by_url, "{id}: {properties}");
            public.insert(target(&properties["FunctionName"]).unwrap());
        } else {
            assert!(properties["SourceArn"].is_object(), "{id}: {properties}");
        }
    }
    assert_eq!(public, BTreeSet::from(["RuntimeApiFunction", "StripeWebhookFunction"]));
}

/// Returns the keys that a statement is restricted to.
fn leading_keys(statement: &Value) -> BTreeSet<&str> {
    let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
    keys.as_array().into_iter().flatten().map(|key| key.as_str().unwrap()).collect()
}

/// Both functions carry out the same commands.
#[test]
fn console_may_do_what_the_function_operator_may() {
    let of =
        |role: &str| statements().into_iter().filter(|(id, _)| *id == role).map(|(_, one)| one).collect::<Vec<_>>();
    let (operator, console) = (of("OperatorRole"), of("ConsoleRole"));
    assert!(operator.len() > 5);
    let is_of_logs = |statement: &&&Value| statement["Resource"].to_string().contains("Logs");
    for wanted in operator.iter().filter(|statement| !is_of_logs(statement)) {
        let covers = |own: &&Value| {
            let same = ["Action", "Resource"].iter().all(|part| own[*part] == wanted[*part]);
            let keys = leading_keys(own).is_superset(&leading_keys(wanted));
            let others = |statement: &Value| statement["Condition"]["ArnEquals"].clone();
            same && keys
                && leading_keys(own).is_empty() == leading_keys(wanted).is_empty()
                && others(own) == others(wanted)
        };
        assert!(console.iter().any(covers), "{wanted}");
    }
}

#[test]
fn only_the_console_sends_dead_letters_back() {
    let mut moved = BTreeSet::new();
    for (id, statement) in statements() {
        if each(&statement["Action"]).iter().any(|action| *action == "sqs:StartMessageMoveTask") {
            assert_eq!(id, "ConsoleRole");
            moved.extend(each(&statement["Resource"]).into_iter().map(|resource| target(resource).unwrap()));
        }
    }
    let queues = ["DeliverDeadLetters", "MailDeadLetters", "RuntimeDeadLetters", "StripeEventsDeadLetters"];
    assert_eq!(moved, BTreeSet::from(queues));
}
