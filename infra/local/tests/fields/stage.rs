//! World for the requests, and the properties of every answer.

use super::{
    cases::Plain,
    routes::{self, Route, SAMPLE_INVITATION, SAMPLE_KEY, SAMPLE_MEMBER},
};
use api::FieldErrors;
use domain::{
    identity::access::Role,
    ids::{InvitationId, KeyId, WorkspaceId},
    keys::scope::KeyScope,
    runtime::record::RuntimeCommand,
};
use jiff::SignedDuration;
use runtime_api::RuntimeApiDeps;
use serde_json::Value;
use shared::runtime::command_runtime;
use std::collections::BTreeMap;
use stripe_standin::{Options, Served, Standin};
use testkit::{ANA, Answer, BEN, CLEO, Request, StoredSecret, World, plan};
use workers::runtime::reconcile_runtime;

/// Maximum size of the answer to a refused request, in bytes.
const MAX_REFUSAL: usize = 16 * 1024;

/// Maximum size of the answer to an accepted request, in bytes: a workspace with the largest settings.
const MAX_ANSWER: usize = 32 * 1024;

/// Calls that write to the table.
const WRITES: [&str; 3] = ["DeleteItem", "TransactWriteItems", "UpdateItem"];

/// Function under test.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    router: fn(&World, &str) -> axum::Router,
}

impl From<routes::Function> for Function {
    fn from(routes::Function { name, router, .. }: routes::Function) -> Self {
        Self { name, router }
    }
}

impl Function {
    /// Returns the API of containers, which is not in openapi.json.
    pub(crate) fn runtime_api() -> Self {
        Self {
            name: "runtime-api",
            router: |world, _| runtime_api::router(RuntimeApiDeps { store: world.store(), key: world.runtime_key() }),
        }
    }
}

/// Returns the routes of `runtime-api`.
pub(crate) fn runtime_api_routes() -> Vec<Route> {
    let route = |name: &str| {
        let event = Request::sample(&format!("runtime-api/{name}"));
        let path = event["rawPath"].as_str().unwrap().to_owned();
        // The document of this function is not used.
        Route {
            function: routes::FUNCTIONS[0],
            method: event["requestContext"]["http"]["method"].as_str().unwrap().to_owned(),
            target: path.clone(),
            path,
            body: event["body"].as_str().map(ToOwned::to_owned),
        }
    };
    ["heartbeat", "entitlements", "notifications", "consume", "release"].map(route).into()
}

/// World with Ana's workspace, in which Ben has a seat, Cleo an invitation, and a runtime is running.
pub(crate) struct Stage {
    world: World,
    function: Function,
    stripe: Served,
    workspace: WorkspaceId,
    invitation: InvitationId,
    key: KeyId,
    secrets: BTreeMap<String, StoredSecret>,
}

impl Stage {
    pub(crate) async fn set(function: Function) -> Self {
        let world = World::default();
        let clock = world.clock.clone();
        let stripe = Standin::new(Options::new(move || clock.now(), 1)).serve(0).await.unwrap();
        let workspace = world.workspace_of(&ANA).await;
        world.join(workspace, &ANA, &BEN, Role::Viewer).await;
        let (invitation, _) = world.invitation(workspace, &ANA, &CLEO, Role::Viewer).await;
        if function.name == "team" {
            // Its audit log is shown on a plan that includes it.
            world.subscribe(workspace, plan("business")).await;
        }
        if function.name == "runtime-api" {
            command_runtime(
                &world.store(),
                world.free_containers(),
                &ANA.caller(),
                workspace,
                RuntimeCommand::Start,
                None,
            )
            .await
            .unwrap();
            Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
        }
        let key = world.key(workspace, &ANA, &[KeyScope::TeamRead]).await.0;
        if function.name == "keys" {
            // The free plan has one.
            world.subscribe(workspace, plan("business")).await;
        }
        let mut stage = Self { world, function, stripe, workspace, invitation, key, secrets: BTreeMap::new() };
        stage.forget();
        stage.secrets = stage.world.secrets();
        stage
    }

    /// Sets up the same world again.
    pub(crate) async fn again(self) -> Self {
        let again = Self::set(self.function).await;
        assert_eq!((again.workspace, again.invitation), (self.workspace, self.invitation), "ids are deterministic");
        again
    }

    /// Builds the valid request of `route`.
    pub(crate) fn plain(&self, route: &Route) -> Plain {
        let name = |text: &str| {
            let text = text.replace(SAMPLE_MEMBER, &BEN.id().to_string());
            text.replace(SAMPLE_INVITATION, &self.invitation.to_string()).replace(SAMPLE_KEY, &self.key.to_string())
        };
        let target = name(&route.target);
        let body = route.body.as_deref().map(name);
        let request = if self.function.name == "runtime-api" {
            let token = self.world.tasks().pop().unwrap().environment["BERTH_RUNTIME_TOKEN"].clone();
            let event = Request::event(&format!("runtime-api/{}", route.path.rsplit('/').next().unwrap()));
            event.header("authorization", format!("Bearer {token}"))
        } else {
            Request::new(&route.method, &target).within(self.workspace)
        };
        let request = body.iter().fold(request, |request, body| request.body(body));
        Plain { request, target, body }
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        let router = (self.function.router)(&self.world, self.stripe.url());
        // Budgets are full again after a minute, so each answer depends on its own request only.
        self.world.wait(SignedDuration::from_mins(1));
        self.world.send(&router, request).await
    }

    /// Discards the changes and calls of the setup.
    fn forget(&self) {
        let world = &self.world;
        drop((world.changes(), world.calls(), world.letters()));
        drop((world.queued(), world.delayed_messages(), world.queued_in_order()));
    }

    /// Asserts the properties of every answer.
    #[track_caller]
    pub(crate) fn assert_kept(&self, answer: &Answer, what: &str) {
        let (status, calls) = (answer.status.as_u16(), self.world.calls());
        assert!(status < 500, "{what}: {status} {}", answer.body);
        if answer.status.is_success() {
            assert!(answer.bytes < MAX_ANSWER, "{what}: the answer has {} bytes", answer.bytes);
            return;
        }
        assert!((400..500).contains(&status), "{what}: {status}");
        assert!(answer.bytes < MAX_REFUSAL, "{what}: the answer has {} bytes", answer.bytes);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
        assert!(!answer.code().is_empty(), "{what}: {}", answer.body);
        assert_eq!(answer.body["status"], status, "{what}");
        let wrong = answer.wrong_fields();
        assert!(wrong.len() <= FieldErrors::MAX, "{what}: {wrong:?}");
        assert!(wrong.iter().all(|name| name.chars().count() <= FieldErrors::MAX_NAME + 1), "{what}: {wrong:?}");
        if WRITES.iter().any(|call| calls.contains_key(*call)) {
            assert_eq!(self.world.changed_but_budgets(), [""; 0], "{what}: {status} {}", answer.body);
        }
        assert_eq!(self.world.queued(), Vec::<Value>::new(), "{what}");
        assert!(self.world.delayed_messages().is_empty() && self.world.queued_in_order().is_empty(), "{what}");
        assert!(self.world.letters().is_empty(), "{what}");
        assert_eq!(self.world.secrets().keys().collect::<Vec<_>>(), self.secrets.keys().collect::<Vec<_>>(), "{what}");
    }
}
