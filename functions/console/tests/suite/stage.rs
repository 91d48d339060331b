//! Ana's workspace, of which Ben is a member, and the console that Jane of the staff uses.

use axum::Router;
use console::ConsoleDeps;
use domain::{identity::access::Role, ids::WorkspaceId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, JANE, Request, World, plans_with_second_pro};

/// Address at which nothing listens in place of Stripe.
pub(crate) const STRIPE: &str = "http://127.0.0.1:9";

/// The reason that Jane gives.
pub(crate) const REASON: &str = "Ticket 4711: they asked for it";

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) workspace: WorkspaceId,
}

pub(crate) fn console_of(world: &World) -> Router {
    let deps = ConsoleDeps { doctor: world.doctor_deps(STRIPE), queues: world.dead_letter_queues() };
    console::router(deps, world.staff_rules())
}

impl Stage {
    /// Sets the stage in a company that sells a second version of pro.
    pub(crate) async fn set() -> Self {
        let world = World::default().with_plans(plans_with_second_pro());
        let workspace = world.workspace_of(&ANA).await;
        world.join(workspace, &ANA, &BEN, Role::Member).await;
        world.wait(SignedDuration::from_mins(1));
        world.changes();
        Self { world, workspace }
    }

    /// Sends a request to the console.
    pub(crate) async fn ask(&self, request: Request) -> Answer {
        // Records are ordered by time, so each call gets its own second.
        self.world.wait(SignedDuration::from_secs(1));
        self.world.send(&console_of(&self.world), request).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.ask(Request::new("GET", target).by_staff(&JANE)).await
    }

    pub(crate) async fn post(&self, target: &str, body: Value) -> Answer {
        self.ask(Request::new("POST", target).by_staff(&JANE).json(body)).await
    }

    /// Sends a command with the reason.
    pub(crate) async fn command(&self, command: &Value) -> Answer {
        self.post("/operator/commands", json!({"reason": REASON, "command": command})).await
    }

    /// Returns the command in a sample event of the function `operator`, for this workspace.
    pub(crate) fn sample(&self, name: &str) -> Value {
        let event = Request::sample(&format!("operator/{name}"));
        let mut command: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
        if !command["workspace"].is_null() {
            command["workspace"] = json!(self.workspace);
        }
        match name {
            "set-owner" => command["email"] = json!(BEN.email),
            "return-usage" => (command["meter"], command["amount"]) = (json!("executions"), json!(3)),
            _ => {}
        }
        command
    }

    /// Consumes usage that the operator can return.
    pub(crate) async fn consume(&self) {
        let router = billing::router(self.world.billing_deps(STRIPE), self.world.claim_rules());
        let body = json!({"meter": "executions", "amount": 7, "key": "all"});
        let request = Request::new("POST", "/usage/consume").within(self.workspace).json(body);
        assert_eq!(self.world.send(&router, request).await.status.as_u16(), 200);
    }

    /// Returns the audit log as the owner sees it.
    pub(crate) async fn log(&self) -> Vec<Value> {
        let (store, key) = (self.world.store(), self.world.invitation_key());
        let deps = TeamDeps { store, key, free_workspaces: self.world.free_workspaces() };
        let router = team::router(deps, self.world.claim_rules());
        let request = Request::new("GET", "/audit?limit=100").by(&ANA).within(self.workspace);
        let answer = self.world.send(&router, request).await;
        answer.body["records"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// Returns the last stored audit record: its action, and its values after the change.
    pub(crate) fn last_record(&self) -> (String, Value) {
        let items = self.world.items();
        let of = format!("WS#{}#AUDIT", self.workspace);
        let (_, item) = items.iter().rfind(|((pk, _), _)| *pk == of).unwrap();
        (item["action"].as_str().unwrap().to_owned(), serde_json::from_str(item["after"].as_str().unwrap()).unwrap())
    }
}
