//! Example problems: recorded answers to sample events, and answers that the real routers give here.

use super::samples::Sample;
use crate::texts::budgets;
use api::Problem;
use axum::{Router, routing::get};
use domain::{
    bounds::budget::Budget,
    error::Refusal,
    identity::{access::Role, denied::Denied},
};
use serde_json::Value;
use std::collections::BTreeMap;
use testkit::{ANA, Fault, Request, World, plan};
use workspace::WorkspaceDeps;

/// Address at which nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Problems by their code. Those with the code `invalid_request` differ by route, so only one of a list's parameter is
/// here.
pub(crate) type Problems = BTreeMap<String, Value>;

/// Returns the recorded problems of `samples`, and the problems that no sample event leads to.
pub(crate) fn all(samples: &[Sample]) -> Problems {
    let recorded = samples.iter().map(|sample| &sample.answer).filter(|answer| code(answer).is_some());
    let recorded = recorded.filter(|answer| code(answer) != Some("invalid_request")).cloned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answered = runtime.block_on(answered());
    answered
        .into_iter()
        .chain(recorded)
        .map(|problem| (code(&problem).unwrap_or_else(|| panic!("{problem}")).to_owned(), problem))
        .collect()
}

/// Returns the code of a body, if it is a problem.
pub(crate) fn code(body: &Value) -> Option<&str> {
    body["code"].as_str().filter(|_| body["type"].is_string())
}

/// Calls the real routers so that each answers a problem.
async fn answered() -> Vec<Value> {
    let world = World::default();
    let home = world.workspace_of(&ANA).await;
    world.subscribe(home, plan("pro")).await;
    let billing = billing::router(world.billing_deps(NOWHERE), world.claim_rules());
    let deps = WorkspaceDeps {
        store: world.store(),
        free_workspaces: world.free_workspaces(),
        free_containers: world.free_containers(),
    };
    let workspaces = workspace::router(deps, world.claim_rules());
    let me = Request::new("GET", "/me");
    let mut problems = vec![
        world.send(&workspaces, me.clone().without_token()).await.body,
        world.send(&workspaces, me.clone().body("x".repeat(api::MAX_BODY + 1))).await.body,
        world.send(&billing, Request::new("GET", "/billing/plans?limit=0")).await.body,
        world.send(&billing, Request::new("POST", "/billing/sync").within(home)).await.body,
    ];
    // The SDK sends a request up to three times.
    (0..3).for_each(|_| world.plan("BatchGetItem", Fault::ServerError));
    problems.push(world.send(&workspaces, me).await.body);
    let required = Role::Admin;
    problems.push(refused(&world, Denied::Stranger).await);
    problems.push(refused(&world, Denied::RoleTooWeak { required }).await);
    problems.push(refused(&world, Denied::Suspended).await);
    problems.push(refused(&world, budgets::exhausted(Budget::BillingReads)).await);
    problems
}

/// Returns the answer to a request that is refused with `refusal`.
async fn refused(world: &World, refusal: impl Refusal) -> Value {
    let problem = Problem::from(refusal);
    let refuse = get(move || async move { Err::<(), _>(problem) });
    let router = api::serve("contract", world.claim_rules(), Router::new().route("/refused", refuse));
    world.send(&router, Request::new("GET", "/refused")).await.body
}
