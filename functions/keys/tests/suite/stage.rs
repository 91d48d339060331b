//! Ana's workspace, in which Ben is an admin and Cleo a member, and the functions whose routes keys open.

use axum::Router;
use domain::{
    identity::access::Role,
    ids::{KeyId, UserId, WorkspaceId},
    keys::secret::{KeyPrefix, KeyToken},
};
use integrations::IntegrationDeps;
use jiff::SignedDuration;
use keys::KeyDeps;
use notifications::NotificationDeps;
use serde_json::{Value, json};
use shared::team::change_role;
use sweeper::{ImageReports, SweepSummary, Sweeper};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};
use workspace::WorkspaceDeps;

pub(crate) const SECOND: SignedDuration = SignedDuration::from_secs(1);
pub(crate) const MINUTE: SignedDuration = SignedDuration::from_mins(1);
pub(crate) const HOUR: SignedDuration = SignedDuration::from_hours(1);
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An AWS identity of one of the company's own services.
const SERVICE: &str = "arn:aws:sts::111122223333:assumed-role/Search/search";

/// A key, and its token.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// The stage of one test.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) id: WorkspaceId,
    routers: Routers,
}

struct Routers {
    keys: Router,
    team: Router,
    billing: Router,
    integrations: Router,
    notifications: Router,
    workspace: Router,
}

impl Routers {
    fn of(world: &World) -> Self {
        let (store, rules) = (world.store(), world.claim_rules());
        let (free_workspaces, free_containers) = (world.free_workspaces(), world.free_containers());
        let team = TeamDeps { store: store.clone(), key: world.invitation_key(), free_workspaces };
        let secrets = world.integration_secrets();
        let integrations = IntegrationDeps { store: store.clone(), secrets, courier: world.courier() };
        let url = "wss://live.example.com/live".to_owned();
        let notifications =
            NotificationDeps { store: store.clone(), live: world.live_deps(), key: world.live_key(), url };
        let workspace = WorkspaceDeps { store: store.clone(), free_workspaces, free_containers };
        Self {
            keys: keys::router(KeyDeps { store, prefix: KeyPrefix::usual() }, rules.clone()),
            team: team::router(team, rules.clone()),
            // No server listens there: nothing here calls Stripe.
            billing: billing::router(world.billing_deps("http://127.0.0.1:9"), rules.clone()),
            integrations: integrations::router(integrations, rules.clone()),
            notifications: notifications::router(notifications, rules.clone()),
            workspace: workspace::router(workspace, rules),
        }
    }

    /// Returns the function that serves `target`, as the gateway does.
    fn serving(&self, target: &str) -> &Router {
        match target.split(['/', '?']).nth(1).unwrap() {
            "api-keys" | "verify" => &self.keys,
            "team" | "audit" | "access" | "invitations" => &self.team,
            "billing" | "usage" | "entitlements" => &self.billing,
            "integrations" => &self.integrations,
            "notifications" => &self.notifications,
            _ => &self.workspace,
        }
    }
}

impl Stage {
    /// Sets the stage on the plan business.
    pub(crate) async fn set() -> Self {
        Self::on("business", World::default()).await
    }

    /// Sets the stage on the plan `name` in `world`.
    pub(crate) async fn on(name: &str, world: World) -> Self {
        let id = world.workspace_of(&ANA).await;
        if name != "free" {
            world.subscribe(id, plan(name)).await;
        }
        world.join(id, &ANA, &BEN, Role::Admin).await;
        world.join(id, &ANA, &CLEO, Role::Member).await;
        // Later requests are not of the moment at which the members joined.
        world.wait(HOUR);
        world.changes();
        Self { routers: Routers::of(&world), world, id }
    }

    /// Sends a request to the function that serves `target`.
    pub(crate) async fn ask(&self, target: &str, request: Request) -> Answer {
        self.world.send(self.routers.serving(target), request).await
    }

    /// Sends a request of `person`.
    pub(crate) async fn send(&self, person: &Person, method: &str, target: &str, body: Option<Value>) -> Answer {
        let request = Request::new(method, target).by(person).within(self.id);
        self.ask(target, body.into_iter().fold(request, Request::json)).await
    }

    /// Sends a request of a program that presents `token`.
    pub(crate) async fn program(&self, token: &str, method: &str, target: &str, body: Option<Value>) -> Answer {
        let request = Request::new(method, target).by_key(token);
        self.ask(target, body.into_iter().fold(request, Request::json)).await
    }

    /// Gets `target` with a key.
    pub(crate) async fn get(&self, key: &Key, target: &str) -> Answer {
        self.program(&key.token, "GET", target, None).await
    }

    /// Asks for a key on behalf of `person`.
    pub(crate) async fn post_key(&self, person: &Person, body: Value) -> Answer {
        self.send(person, "POST", "/api-keys", Some(body)).await
    }

    /// Makes a key of `person`.
    pub(crate) async fn key_of(&self, person: &Person, body: Value) -> Key {
        made(&self.post_key(person, body).await)
    }

    /// Makes a key of Ana's with these scopes.
    pub(crate) async fn key(&self, scopes: &[&str]) -> Key {
        self.key_of(&ANA, json!({"name": "Deployment", "scopes": scopes})).await
    }

    /// Sends `method` to a key's path with `person`, such as `POST` to `/rotate`.
    pub(crate) async fn at(&self, person: &Person, method: &str, key: &Key, rest: &str, body: Value) -> Answer {
        self.send(person, method, &format!("/api-keys/{}{rest}", key.id), Some(body)).await
    }

    /// Rotates a key of `person` with an overlap in hours, and returns it with its new token.
    pub(crate) async fn rotate(&self, person: &Person, key: &Key, overlap: u16) -> Key {
        let answer = self.at(person, "POST", key, "/rotate", json!({"overlap_hours": overlap})).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer}");
        Key { id: key.id.clone(), token: answer.body["secret"].as_str().unwrap().to_owned() }
    }

    /// Returns a key as the list shows it to Ana.
    pub(crate) async fn shown(&self, key: &Key) -> Value {
        let list = self.send(&ANA, "GET", "/api-keys?limit=100", None).await;
        assert_eq!(list.status.as_u16(), 200, "{list}");
        let found = list.body["api_keys"].as_array().unwrap().iter().find(|shown| shown["id"] == key.id);
        found.unwrap_or_else(|| panic!("{list}")).clone()
    }

    /// Asks whether a key can be used, as one of the company's own services does.
    pub(crate) async fn verify(&self, question: Value) -> Answer {
        let request = Request::new("POST", "/verify").to("POST", "/verify").signed_by(SERVICE).json(question);
        self.ask("/verify", request).await
    }

    /// Gives `member` a role, on Ana's behalf.
    pub(crate) async fn give_role(&self, member: &Person, role: Role) {
        change_role(&self.world.store(), &ANA.caller(), self.id, (member.id(), role)).await.unwrap();
    }

    /// Removes `member`, on Ana's behalf.
    pub(crate) async fn remove(&self, member: &Person) {
        shared::team::remove_member(&self.world.store(), &ANA.caller(), self.id, member.id()).await.unwrap();
    }

    /// Runs a sweep without a time limit. Nothing that it finds is corrupt.
    pub(crate) async fn sweep(&self) -> SweepSummary {
        let world = &self.world;
        let sweeper = Sweeper {
            store: world.store(),
            queues: world.queues(),
            secrets: world.integration_secrets(),
            billing: world.billing_deps("http://127.0.0.1:9"),
            events: world.stripe_events(),
            live: world.live_deps(),
            notary: world.notary(),
            image: ImageReports::Expected,
        };
        let swept = sweeper.sweep("sweep", world.clock.now() + MINUTE).await.unwrap();
        assert_eq!((swept.corrupt, swept.foreign), (0, 0), "{swept:?}");
        swept
    }

    /// Notifies members of everything, and returns the number of notifications of `event` in the inbox of `person`.
    pub(crate) async fn notified(&self, person: &Person, event: &str) -> usize {
        self.world.notify_members().await;
        let list = self.send(person, "GET", "/notifications?limit=100", None).await;
        assert_eq!(list.status.as_u16(), 200, "{list}");
        list.body["notifications"].as_array().unwrap().iter().filter(|entry| entry["event"] == event).count()
    }

    /// Returns the audit records of `action`, oldest first, as they are stored.
    pub(crate) fn records(&self, action: &str) -> Vec<Value> {
        self.world.items().into_values().filter(|item| item["action"] == action).collect()
    }

    /// Returns the key of a key's item.
    pub(crate) fn place(&self, key: &Key) -> (String, String) {
        (format!("WS#{}", self.id), format!("APIKEY#{}", key.id))
    }

    /// Returns the item of a key.
    pub(crate) fn stored(&self, key: &Key) -> Value {
        self.world.items().get(&self.place(key)).cloned().unwrap_or_default()
    }

    /// Returns the item of a key's use.
    pub(crate) fn used(&self, key: &Key) -> Value {
        let place = (format!("WS#{}#KEYS", self.id), format!("USE#{}", key.id));
        self.world.items().get(&place).cloned().unwrap_or_default()
    }

    /// Returns the head's number of keys, and the number of their items.
    pub(crate) fn counts(&self) -> (u64, usize) {
        let items = self.world.items();
        let head = &items[&(format!("WS#{}", self.id), "META".to_owned())];
        let keys =
            items.iter().filter(|((pk, _), item)| *pk == format!("WS#{}", self.id) && item["_type"] == "api_key");
        (head["api_key_count"].as_u64().unwrap_or_default(), keys.count())
    }

    /// Returns the token of a key of `maker` with this id and another secret.
    pub(crate) fn forged(&self, key: &str, maker: UserId) -> String {
        let id: KeyId = key.parse().unwrap();
        KeyToken::new(&KeyPrefix::usual(), (self.id, id, maker), [1, 2]).reveal().to_owned()
    }
}

/// Returns the key in the answer to a request that made it.
#[track_caller]
pub(crate) fn made(answer: &Answer) -> Key {
    assert_eq!(answer.status.as_u16(), 201, "{answer}");
    let text = |field: &str| answer.body[field].as_str().unwrap().to_owned();
    Key { id: text("id"), token: text("secret") }
}

/// Returns status and code of an answer.
pub(crate) fn outcome(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}
