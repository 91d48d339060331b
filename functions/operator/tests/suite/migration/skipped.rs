//! Workspaces that a migration leaves as they are.

use super::{Company, workspaces};
use domain::{
    billing::{
        account::Billing,
        intent::IntentNumber,
        pending::PendingChange,
        subscription::{FirstPayment, Status, Subscription},
    },
    ids::WorkspaceId,
    plans::{
        money::{Currency, Interval},
        version::{PlanVersion, Version},
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{ANA, plan};
use workers::operator::{ActingOperator, MAX_LISTED};

/// Founds a workspace with the billing of the first customer, changed by `change`.
async fn found(company: &Company, change: impl FnOnce(&mut Billing, &mut Subscription)) -> WorkspaceId {
    let world = &company.shop.world;
    let mut billing = world.store().get_billing(company.shop.workspace).await.unwrap();
    let mut paid = billing.subscription.take().unwrap();
    change(&mut billing, &mut paid);
    billing.subscription = Some(paid);
    let workspace = world.workspace_of(&ANA).await;
    world.store().set_billing(workspace, &billing).await.unwrap();
    workspace
}

/// Invariant 48.
#[tokio::test]
async fn every_reason_is_named_and_nobody_else_is_moved() {
    let company = Company::open().await;
    let second = plan("pro").reference();
    let second = PlanVersion { version: Version::literal(2), ..second };
    let starter = (plan("starter").reference(), Interval::Month);
    let expires_at = company.shop.world.clock.now() + SignedDuration::from_hours(1);
    let addons = domain::plans::addon::HeldAddons::default();
    let change = PendingChange { plan: starter.0, interval: starter.1, addons, url: None, expires_at };
    let mut wanted = BTreeMap::new();
    let contract = || serde_json::from_str("{}").unwrap();
    wanted.insert(found(&company, |billing, _| billing.contract = Some(contract())).await, "contract");
    wanted
        .insert(found(&company, |billing, _| billing.open = Some(IntentNumber::default())).await, "command_under_way");
    wanted.insert(found(&company, |_, paid| paid.scheduled = Some((second, Interval::Month))).await, "scheduled");
    wanted.insert(found(&company, |_, paid| paid.scheduled = Some(starter)).await, "change_scheduled");
    wanted.insert(found(&company, |_, paid| paid.pending_change = Some(change)).await, "change_pending");
    wanted.insert(found(&company, |_, paid| paid.cancel_at_period_end = true).await, "ends");
    wanted.insert(found(&company, |_, paid| paid.status = Status::PastDue).await, "past_due");
    wanted.insert(found(&company, |_, paid| paid.status = Status::Unpaid).await, "payment_pending");
    let waits = Some(FirstPayment::Pending);
    wanted.insert(found(&company, |_, paid| paid.first_payment = waits).await, "payment_pending");
    wanted.insert(found(&company, |_, paid| paid.currency = Some(Currency::literal("chf"))).await, "no_price");
    // Not concerned: another plan, the version that is sold, a subscription that has ended, and one that never was.
    found(&company, |_, paid| paid.paid_plan = starter.0).await;
    found(&company, |_, paid| paid.paid_plan = second).await;
    found(&company, |_, paid| paid.status = Status::Canceled).await;
    company.shop.world.workspace_of(&ANA).await;
    for preview in [true, false] {
        company.shop.world.changes();
        let seen = company.migrate(json!({"preview": preview})).await;
        let reason = |skipped: &Value| {
            (skipped["workspace"].as_str().unwrap().parse().unwrap(), skipped["reason"].as_str().unwrap().to_owned())
        };
        let skipped: BTreeMap<WorkspaceId, _> = seen["skipped"].as_array().unwrap().iter().map(reason).collect();
        assert_eq!(skipped, wanted.iter().map(|(id, reason)| (*id, (*reason).to_owned())).collect(), "{seen}");
        assert_eq!(workspaces(&seen["affected"]), [company.shop.workspace]);
        assert_eq!((&seen["examined"], &seen["failed"]), (&json!(15), &json!([])));
        if preview {
            company.shop.world.assert_nothing_written();
        }
    }
    // Only the listed customer was changed: their billing, the intent, the record and the head of the log.
    let changed: BTreeSet<_> = company.shop.world.changed_but_budgets().into_iter().collect();
    assert!(changed.iter().all(|key| key.contains(&company.shop.workspace.to_string())), "{changed:?}");
    assert_eq!(changed.len(), 4, "{changed:?}");
}

/// One answer is one part; `next` continues.
#[tokio::test]
async fn all_parts_together_move_everybody_once() {
    let company = Company::open().await;
    let mut everybody = BTreeSet::from([company.shop.workspace]);
    for _ in 0..4 {
        everybody.insert(found(&company, |_, _| {}).await);
    }
    let jane = ActingOperator::of(crate::JANE, "request".to_owned()).unwrap();
    let (mut moved, mut after) = (Vec::new(), Value::Null);
    for part in 1.. {
        let command = json!({"command": "migrate", "plan": "pro", "from": 1, "when": "renewal", "after": after});
        let (body, now) = (command.to_string(), company.shop.world.clock.now());
        // The time is up at once, so each part is one workspace.
        let deps = company.shop.doctor_deps();
        let answer = json!(Box::pin(operator::run_command(&deps, &jane, body.as_bytes(), now)).await.unwrap());
        moved.extend(workspaces(&answer["affected"]));
        after = answer["next"].clone();
        if after.is_null() {
            break;
        }
        assert!(part < 10, "{answer}");
    }
    assert_eq!((moved.len(), moved.into_iter().collect::<BTreeSet<_>>()), (5, everybody));
    assert_eq!(company.recorded(), 5);
}

#[tokio::test]
async fn one_answer_lists_a_bounded_number_of_workspaces() {
    let company = Company::open().await;
    for _ in 0..MAX_LISTED {
        found(&company, |_, paid| paid.cancel_at_period_end = true).await;
    }
    let first = company.migrate(json!({"preview": true})).await;
    let count = |view: &Value| ["affected", "skipped"].map(|list| view[list].as_array().unwrap().len()).iter().sum();
    assert_eq!((count(&first), first["next"].is_null()), (MAX_LISTED, false));
    let last = company.migrate(json!({"preview": true, "after": first["next"]})).await;
    assert_eq!((count(&last), last["next"].is_null()), (1, true));
}
