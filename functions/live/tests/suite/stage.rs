//! Ana's workspace, in which Ben is an admin and Cleo a member, and the function.

use domain::{
    identity::access::Role,
    ids::{NotificationId, UserId, WorkspaceId},
    notifications::happening::{Happening, Notice},
};
use live::{Live, LiveAnswer};
use serde_json::{Value, json};
use shared::live::issue_ticket;
use store::{due::Due, notifications::notices::NoticeItem};
use testkit::{ANA, BEN, CLEO, Person, World, plan};

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) live: Live,
    pub(crate) id: WorkspaceId,
}

/// A client, as API Gateway knows it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    verified: Value,
}

impl Stage {
    pub(crate) async fn set(world: World) -> Self {
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("pro")).await;
        world.join(id, &ANA, &BEN, Role::Admin).await;
        world.join(id, &ANA, &CLEO, Role::Member).await;
        world.notify_members().await;
        world.changes();
        let live = Live { deps: world.live_deps(), key: world.live_key() };
        Self { world, live, id }
    }

    pub(crate) async fn ticket(&self, who: &Person) -> String {
        let store = self.world.store();
        issue_ticket(&store, &self.world.live_key(), "wss://live", &who.caller(), self.id).await.unwrap().ticket
    }

    /// Returns what the authorizer says about a ticket: what it verified, if it lets the client in.
    pub(crate) async fn asked(&self, ticket: &str) -> Option<Value> {
        let arn = "arn:aws:execute-api:us-east-1:000000000000:be47be48/live/$connect";
        let event = json!({"type": "REQUEST", "methodArn": arn, "queryStringParameters": {"ticket": ticket},
            "requestContext": {"connectionId": "asking=", "eventType": "CONNECT", "requestId": "r"}});
        let LiveAnswer::Policy(policy) = self.event(event).await else {
            panic!("the authorizer answers with a policy")
        };
        let statement = &policy["policyDocument"]["Statement"][0];
        assert_eq!(statement["Resource"], arn);
        match statement["Effect"].as_str().unwrap() {
            "Allow" => Some(policy["context"].clone()),
            "Deny" => None,
            other => panic!("{other}"),
        }
    }

    pub(crate) async fn event(&self, event: Value) -> LiveAnswer {
        self.live.handle(serde_json::from_value(event).unwrap()).await
    }

    async fn step(&self, client: &Client, kind: &str, body: Option<String>) -> u16 {
        let event = json!({"body": body, "requestContext": {"connectionId": client.id, "eventType": kind,
            "requestId": "r", "routeKey": "$default", "authorizer": client.verified}});
        match self.event(event).await {
            LiveAnswer::Status { status_code } => status_code,
            LiveAnswer::Policy(policy) => panic!("{policy}"),
        }
    }

    /// Connects with what the authorizer verified.
    pub(crate) async fn enter(&self, id: &str, verified: Value) -> (Client, u16) {
        self.world.open_socket(id);
        let client = Client { id: id.to_owned(), verified };
        let status = self.step(&client, "CONNECT", None).await;
        if status != 200 {
            self.world.reset_socket(id);
        }
        (client, status)
    }

    /// The same, one of many at once.
    pub(crate) async fn enter_as(&self, number: u32, verified: Value) -> u16 {
        self.enter(&format!("one of many {number}"), verified).await.1
    }

    /// Returns what the authorizer verified of a new ticket, if nothing fails.
    pub(crate) async fn try_ticket(&self, who: &Person) -> Option<Value> {
        let (store, key) = (self.world.store(), self.world.live_key());
        let ticket = issue_ticket(&store, &key, "wss://live", &who.caller(), self.id).await.ok()?;
        self.asked(&ticket.ticket).await
    }

    /// Says that a connection has ended, whether that succeeds or not.
    pub(crate) async fn try_leave(&self, client: &Client) {
        self.step(client, "DISCONNECT", None).await;
    }

    /// Makes `happening` happen, whether that succeeds or not; what fails is left for later.
    pub(crate) async fn try_happen(&self, happening: Happening) {
        let notice = Notice { workspace: self.id, happening, actor: None };
        self.world.push(&NoticeItem { id: self.world.ambient().fresh(), notice }).await;
    }

    /// Handles everything that was left.
    pub(crate) async fn settle(&self) {
        for notice in self.world.notices() {
            assert!(self.world.push(&notice).await);
        }
    }

    /// Forgets connections that have ended, as the sweeper does.
    pub(crate) async fn sweep(&self) {
        let (store, now) = (self.world.store(), self.world.clock.now());
        for bucket in store::due::buckets() {
            for (_, due) in store.due(bucket, now, None).await.unwrap().items {
                if let Due::Connection(place) = due {
                    store.forget_connection(place).await.unwrap();
                }
            }
        }
    }

    /// Connects as a client does.
    pub(crate) async fn connect(&self, who: &Person, id: &str) -> Client {
        let verified = self.asked(&self.ticket(who).await).await.expect("the ticket is good");
        let (client, status) = self.enter(id, verified).await;
        assert_eq!(status, 200);
        client
    }

    /// Connects, subscribes, and takes the answer.
    pub(crate) async fn listen(&self, who: &Person, id: &str) -> Client {
        let client = self.connect(who, id).await;
        let [state] = self.say(&client, &json!({"action": "subscribe"})).await.try_into().unwrap();
        assert_eq!(state["type"], "state");
        client
    }

    /// Sends a message and returns what the client gets.
    pub(crate) async fn say(&self, client: &Client, message: &Value) -> Vec<Value> {
        assert_eq!(self.send(client, &message.to_string()).await, 200);
        self.got(client)
    }

    pub(crate) async fn send(&self, client: &Client, text: &str) -> u16 {
        self.step(client, "MESSAGE", Some(text.to_owned())).await
    }

    /// Ends a connection as its client does: API Gateway says so.
    pub(crate) async fn leave(&self, client: &Client) {
        self.world.reset_socket(&client.id);
        assert_eq!(self.step(client, "DISCONNECT", None).await, 200);
    }

    /// Returns what a client got since the last call.
    pub(crate) fn got(&self, client: &Client) -> Vec<Value> {
        self.world.pushed(&client.id).expect("the connection is open")
    }

    /// Returns the types of what a client got since the last call.
    pub(crate) fn types(&self, client: &Client) -> Vec<String> {
        self.got(client).iter().map(|message| message["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Makes `happening` happen, as the notifier handles it.
    pub(crate) async fn happen(&self, happening: Happening, actor: Option<UserId>) -> NotificationId {
        let id = self.world.ambient().fresh();
        let notice = Notice { workspace: self.id, happening, actor };
        assert!(self.world.push(&NoticeItem { id, notice }).await);
        id
    }

    /// Returns the sort keys of stored connections.
    pub(crate) fn stored(&self) -> Vec<String> {
        self.world.items().into_keys().filter(|(pk, _)| pk.ends_with("#LIVE")).map(|(_, sk)| sk).collect()
    }
}
