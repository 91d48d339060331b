//! The tests of `runtime-api`, over the embedded table and a cluster.

#![cfg(test)]

mod entitlements;
mod heartbeat;
mod publish;
mod usage;

use domain::{ids::WorkspaceId, plans::plan::Plan, runtime::record::RuntimeCommand};
use jiff::SignedDuration;
use runtime_api::{RuntimeApiDeps, router};
use shared::runtime::command_runtime;
use testkit::{ANA, PLANS, World};
use workers::runtime::{ReconcileOutcome, reconcile_runtime};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Creates a world with a workspace of `plan` whose runtime runs.
async fn running(plan: Plan) -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    if plan != PLANS.unpaid() {
        world.subscribe(workspace, plan).await;
    }
    give(&world, workspace, RuntimeCommand::Start).await;
    (world, workspace)
}

async fn give(world: &World, workspace: WorkspaceId, given: RuntimeCommand) {
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, given, None).await.unwrap();
    assert_eq!(reconcile_once(world, workspace).await, ReconcileOutcome::Settled);
    world.changes();
}

async fn reconcile_once(world: &World, workspace: WorkspaceId) -> ReconcileOutcome {
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap()
}

/// Returns the token of the last task's container.
fn token(world: &World) -> String {
    world.tasks().last().unwrap().environment["BERTH_RUNTIME_TOKEN"].clone()
}

fn container_router(world: &World) -> axum::Router {
    router(RuntimeApiDeps { store: world.store(), key: world.runtime_key() })
}
