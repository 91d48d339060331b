//! What a workspace may use and uses: entitlements, counting, dry runs, days, limits, races.

mod counting;
mod days;
mod dry_runs;
mod entitlements;
mod limit_reached;
mod plans;
mod races;
mod returns;
mod skew;

use axum::Router;
use domain::ids::WorkspaceId;
use serde_json::{Value, json};
use testkit::{ANA, Answer, Request, World};

/// Ana's workspace, whose members count at noon of 21 November. Counting calls the table only, so no server listens at
/// Stripe's address.
struct Counting {
    world: World,
    router: Router,
    workspace: WorkspaceId,
}

impl Counting {
    async fn within(world: World) -> Self {
        let workspace = world.workspace_of(&ANA).await;
        let router = billing::router(world.billing_deps("http://127.0.0.1:9"), world.claim_rules());
        world.changes();
        Self { world, router, workspace }
    }

    async fn ask(&self, request: Request) -> Answer {
        self.world.send(&self.router, request).await
    }

    async fn get(&self, target: &str) -> Answer {
        self.ask(Request::new("GET", target).within(self.workspace)).await
    }

    async fn post(&self, what: &str, body: Value) -> Answer {
        self.ask(Request::new("POST", &format!("/usage/{what}")).within(self.workspace).json(body)).await
    }

    async fn send(&self, what: &str, meter: &str, amount: u64, key: impl Into<String>) -> Answer {
        self.post(what, json!({"meter": meter, "amount": amount, "key": key.into()})).await
    }

    async fn consume(&self, meter: &str, amount: u64, key: &str) -> Answer {
        self.send("consume", meter, amount, key).await
    }

    /// Returns `amount` of the consumption under the key `consumption`.
    async fn give_back(
        &self,
        meter: &str,
        amount: u64,
        key: impl Into<String>,
        consumption: impl Into<String>,
    ) -> Answer {
        let (key, consumption) = (key.into(), consumption.into());
        self.post("release", json!({"meter": meter, "amount": amount, "key": key, "consumption": consumption})).await
    }
}
