//! The names and the permissions of callers in their workspaces.

mod access;
mod addresses;
mod names;

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use team::TeamDeps;
use testkit::{ANA, BEN, World};

fn router(world: &World) -> Router {
    let team = TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() };
    team::router(team, world.claim_rules())
}

/// Creates Ana's workspace, in which Ben has `role`.
async fn acme(role: Role) -> (World, Router, WorkspaceId) {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, role).await;
    let router = router(&world);
    drop(world.changes());
    (world, router, id)
}
