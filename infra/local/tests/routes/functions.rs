//! HTTP functions of the API, for tests of all of them.

use integrations::IntegrationDeps;
use keys::KeyDeps;
use notifications::NotificationDeps;
use team::TeamDeps;
use testkit::World;
use utoipa::openapi::OpenApi;
use workspace::WorkspaceDeps;

/// HTTP function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    /// Its folder.
    pub(crate) name: &'static str,
    /// Its part of openapi.json.
    pub(crate) document: fn() -> OpenApi,
    /// Builds its router in a world, with Stripe at an address.
    pub(crate) router: fn(&World, &str) -> axum::Router,
}

/// HTTP functions for signed-in users. Add a further one here.
pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "billing",
        document: billing::openapi,
        router: |world, stripe| billing::router(world.billing_deps(stripe), world.claim_rules()),
    },
    Function {
        name: "doctor",
        document: doctor::openapi,
        router: |world, stripe| doctor::router(world.doctor_deps(stripe), world.claim_rules()),
    },
    Function {
        name: "integrations",
        document: integrations::openapi,
        router: |world, _| {
            let secrets = world.integration_secrets();
            let integrations = IntegrationDeps { store: world.store(), secrets, courier: world.courier() };
            integrations::router(integrations, world.claim_rules())
        },
    },
    Function {
        name: "keys",
        document: keys::openapi,
        router: |world, _| {
            let rules = world.claim_rules();
            keys::router(KeyDeps { store: world.store(), prefix: rules.key_prefix().clone() }, rules)
        },
    },
    Function {
        name: "notifications",
        document: notifications::openapi,
        router: |world, _| {
            notifications::router(
                NotificationDeps {
                    store: world.store(),
                    live: world.live_deps(),
                    key: world.live_key(),
                    url: "wss://live.example.com/live".to_owned(),
                },
                world.claim_rules(),
            )
        },
    },
    Function {
        name: "team",
        document: team::openapi,
        router: |world, _| {
            let (store, key, free_workspaces) = (world.store(), world.invitation_key(), world.free_workspaces());
            team::router(TeamDeps { store, key, free_workspaces }, world.claim_rules())
        },
    },
    Function {
        name: "workspace",
        document: workspace::openapi,
        router: |world, _| {
            let (free_workspaces, free_containers) = (world.free_workspaces(), world.free_containers());
            let deps = WorkspaceDeps { store: world.store(), free_workspaces, free_containers };
            workspace::router(deps, world.claim_rules())
        },
    },
];
