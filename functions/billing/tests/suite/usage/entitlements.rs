//! The entitlements: what is allowed and what is left, in one trip, and their entity tag.

use super::Counting;
use domain::{
    billing::account::Billing,
    identity::access::Role,
    plans::contract::{Contract, ContractTerms},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, PLANS, Request, World, plan};

impl Counting {
    async fn entitled(&self) -> Answer {
        self.get("/entitlements").await
    }

    /// Reads again with `tags` as the header `If-None-Match`.
    async fn entitled_unless(&self, tags: &str) -> Answer {
        let request = Request::new("GET", "/entitlements").within(self.workspace);
        self.ask(request.header("if-none-match", tags)).await
    }

    async fn agree(&self, terms: Value) -> Contract {
        let terms: ContractTerms = serde_json::from_value(terms).unwrap();
        let contract = terms.agree(PLANS).unwrap();
        let billing = Billing { version: 1, contract: Some(contract.clone()), ..Billing::default() };
        self.world.store().set_billing(self.workspace, &billing).await.unwrap();
        contract
    }
}

fn tag(answer: &Answer) -> String {
    answer.headers["etag"].to_str().unwrap().to_owned()
}

/// Returns the row of `meter`: limit, used, remaining and the time of the reset.
fn row(answer: &Answer, meter: &str) -> [Value; 4] {
    let rows = answer.body["meters"].as_array().unwrap();
    let row = rows.iter().find(|row| row["meter"] == meter).unwrap();
    ["limit", "used", "remaining", "resets_at"].map(|name| row[name].clone())
}

#[tokio::test]
async fn entitlements_are_one_trip_and_write_nothing() {
    let counting = Counting::within(World::default()).await;
    counting.world.join(counting.workspace, &ANA, &BEN, Role::Viewer).await;
    for (meter, amount) in [("executions", 70), ("storage_mb", 1_024)] {
        assert_eq!(counting.consume(meter, amount, meter).await.status.as_u16(), 200);
    }
    counting.world.changes();
    let answer = counting.entitled().await;
    assert_eq!((answer.usage.round_trips, answer.usage.requests), (1, 2));
    counting.world.assert_nothing_written();
    let shown = answer.body.to_string().replace(&counting.workspace.to_string(), "ws");
    insta::assert_json_snapshot!(serde_json::from_str::<Value>(&shown).unwrap());
    // The other views of the same counts agree.
    let (usage, config) = (counting.get("/billing/usage").await, counting.get("/billing/config").await);
    for row_of in answer.body["meters"].as_array().unwrap() {
        let meter = row_of["meter"].as_str().unwrap();
        assert_eq!(row_of["limit"], config.body["limits"][meter], "{meter}");
        assert_eq!(row_of["used"], config.body["current_usage"][meter], "{meter}");
    }
    for counted in usage.body["usage"].as_array().unwrap() {
        let [limit, used, _, resets_at] = row(&answer, counted["meter"].as_str().unwrap());
        assert_eq!([&limit, &used, &resets_at], ["limit", "used", "resets_at"].map(|name| &counted[name]));
    }
}

/// Invariant 20.
#[tokio::test]
async fn entitlements_are_read_by_members_only() {
    let counting = Counting::within(World::default()).await;
    counting.world.join(counting.workspace, &ANA, &BEN, Role::Viewer).await;
    let (own, other) = (counting.workspace, counting.world.workspace_of(&CLEO).await);
    let by = |person, workspace| Request::new("GET", "/entitlements").by(person).within(workspace);
    for (person, workspace, wanted) in
        [(&BEN, own, 200), (&CLEO, own, 404), (&BEN, other, 404), (&ANA, other, 404), (&CLEO, other, 200)]
    {
        let answer = counting.ask(by(person, workspace)).await;
        assert_eq!(answer.status.as_u16(), wanted, "{answer}");
        // A tag opens nothing.
        let answer = counting.ask(by(person, workspace).header("if-none-match", "*")).await;
        assert_eq!(answer.status.as_u16(), if wanted == 200 { 304 } else { wanted }, "{answer}");
    }
    assert_eq!(counting.ask(Request::new("GET", "/entitlements")).await.wrong_fields(), ["X-Workspace-ID"]);
    assert_eq!(counting.ask(by(&ANA, own).without_token()).await.status.as_u16(), 401);
}

#[tokio::test]
async fn tag_changes_exactly_with_the_answer() {
    let counting = Counting::within(World::default()).await;
    let first = counting.entitled().await;
    counting.world.wait(SignedDuration::from_hours(3));
    let other = "\"x\", W/\"y,z\"";
    for tags in [tag(&first), format!("W/{}", tag(&first)), format!("{other}, {}", tag(&first)), "*".to_owned()] {
        let same = counting.entitled_unless(&tags).await;
        assert_eq!((same.status.as_u16(), same.bytes, &same.body), (304, 0, &Value::Null), "{tags}");
        assert_eq!((tag(&same), same.usage.round_trips), (tag(&first), 1));
        assert!(!same.headers.contains_key("content-type"));
    }
    let bare = tag(&first).replace('"', "");
    for tags in [other, "", &bare, "\"1\"", &format!("{}, *", tag(&first)), &tag(&first).to_lowercase()] {
        let whole = counting.entitled_unless(tags).await;
        assert_eq!((whole.status.as_u16(), tag(&whole)), (200, tag(&first)), "{tags}");
        assert_eq!(whole.body, first.body);
    }
    let mut known = first;
    for change in ["consumed", "member", "repeated", "plan", "suspended", "month"] {
        match change {
            "consumed" => assert_eq!(counting.consume("traces", 1, "k").await.status.as_u16(), 200),
            "repeated" => assert_eq!(counting.consume("traces", 1, "k").await.status.as_u16(), 200),
            "member" => counting.world.join(counting.workspace, &ANA, &BEN, Role::Viewer).await,
            "plan" => counting.world.subscribe(counting.workspace, plan("starter")).await,
            "suspended" => counting.world.suspend(counting.workspace, "Spam").await,
            _ => counting.world.wait(SignedDuration::from_hours(24 * 32)),
        }
        let now = counting.entitled_unless(&tag(&known)).await;
        if change == "repeated" {
            assert_eq!((now.status.as_u16(), tag(&now)), (304, tag(&known)), "nothing was counted");
        } else {
            assert_eq!(now.status.as_u16(), 200, "{change}");
            assert_ne!(now.body, known.body, "{change}");
            assert_ne!(tag(&now), tag(&known), "{change}");
            known = now;
        }
    }
    // The tag of another workspace's answer is another one, although their entitlements are equal.
    let counting = Counting::within(World::default()).await;
    let theirs = counting.world.workspace_of(&CLEO).await;
    let theirs = counting.ask(Request::new("GET", "/entitlements").by(&CLEO).within(theirs)).await;
    assert_eq!(counting.entitled_unless(&tag(&theirs)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn contract_and_arrears_determine_the_entitlements() {
    let counting = Counting::within(World::default()).await;
    let terms = json!({
        "plan": "pro", "features": ["audit_export"],
        "limits": {"executions": null, "members": 200, "ai_credits": 3, "retention_days": 400},
    });
    counting.agree(terms).await;
    assert_eq!(counting.consume("ai_credits", 2, "two").await.status.as_u16(), 200);
    let agreed = counting.entitled().await;
    assert_eq!(agreed.body["plan"], json!({"name": "pro", "version": 1, "title": "Pro"}));
    assert_eq!((&agreed.body["status"], &agreed.body["retention_days"]), (&json!("active"), &json!(400)));
    let feature = json!([{"feature": "audit_export", "title": "Export of the audit log", "included": true}]);
    assert_eq!(agreed.body["features"], feature);
    assert_eq!(row(&agreed, "executions")[..3], [json!(null), json!(0), json!(null)]);
    assert_eq!(row(&agreed, "members")[..3], [json!(200), json!(1), json!(199)]);
    assert_eq!(row(&agreed, "ai_credits")[..3], [json!(3), json!(2), json!(1)]);
    // More is used than the lower limit allows.
    counting.agree(json!({"plan": "pro", "limits": {"ai_credits": 1}})).await;
    let lower = counting.entitled().await;
    assert_eq!(lower.body["features"][0]["included"], false);
    assert_eq!(row(&lower, "ai_credits")[..3], [json!(1), json!(2), json!(0)]);

    let counting = Counting::within(World::default()).await;
    counting.world.subscribe(counting.workspace, plan("business")).await;
    let paid = counting.entitled().await;
    assert_eq!((&paid.body["plan"]["name"], &paid.body["status"]), (&json!("business"), &json!("active")));
    assert_eq!(paid.body["features"][0]["included"], true);
    counting.world.suspend(counting.workspace, "Spam").await;
    assert_eq!(counting.entitled().await.body["status"], "suspended");
    counting.world.unsuspend(counting.workspace).await;
    // The period ended long ago, without any event from Stripe.
    counting.world.wait(SignedDuration::from_hours(24 * 60));
    let overdue = counting.entitled().await;
    assert_eq!((&overdue.body["plan"]["name"], &overdue.body["status"]), (&json!("free"), &json!("past_due")));
    assert_eq!(overdue.body["features"][0]["included"], false);
    assert_eq!(counting.consume("traces", 1, "k").await.code(), "workspace_past_due");
}
