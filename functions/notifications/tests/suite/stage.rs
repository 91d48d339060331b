//! Ana's workspace, in which Ben is an admin and Cleo a member, with the inboxes of all three.

use aws_lambda_events::event::dynamodb::Event;
use axum::Router;
use domain::{
    identity::access::Role,
    ids::{NotificationId, UserId, WorkspaceId},
    notifications::happening::Happening,
};
use notifications::NotificationDeps;
use notifier::Notifier;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};

pub(crate) const PEOPLE: [Person; 3] = [ANA, BEN, CLEO];

pub(crate) fn notification_deps(world: &World) -> NotificationDeps {
    let (live, key, url) = (world.live_deps(), world.live_key(), "wss://live.example.com/live".to_owned());
    NotificationDeps { store: world.store(), live, key, url }
}

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) router: Router,
    pub(crate) notifier: Notifier,
    pub(crate) id: WorkspaceId,
}

impl Stage {
    pub(crate) async fn set(world: World) -> Self {
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("pro")).await;
        world.join(id, &ANA, &BEN, Role::Admin).await;
        world.join(id, &ANA, &CLEO, Role::Member).await;
        let router = notifications::router(notification_deps(&world), world.claim_rules());
        let notifier = Notifier { live: world.live_deps() };
        world.changes();
        Self { world, router, notifier, id }
    }

    /// Returns a stream record of a notice of `happening`, which is new, and its id.
    pub(crate) fn record(&self, happening: Happening, actor: Option<UserId>) -> (NotificationId, Value) {
        let id: NotificationId = self.world.ambient().fresh();
        let mut record = Request::sample("notifier/notify")["Records"][0].clone();
        let image = &mut record["dynamodb"]["NewImage"];
        image["pk"] = json!({"S": format!("NOTICE#{id}")});
        image["workspace"] = json!({"S": self.id});
        image["happening"] = attribute(&serde_json::to_value(happening).unwrap());
        image["actor"] = attribute(&serde_json::to_value(actor).unwrap());
        (id, record)
    }

    /// Sends the records to the notifier, and returns the number that it will be sent again.
    pub(crate) async fn notify(&self, records: impl IntoIterator<Item = Value>) -> usize {
        let records: Vec<_> = records.into_iter().collect();
        let event: Event = serde_json::from_value(json!({ "Records": records })).unwrap();
        self.notifier.notify(event).await.batch_item_failures.len()
    }

    /// Notifies of `happening`, without an actor, and returns the id.
    pub(crate) async fn happen(&self, happening: Happening) -> NotificationId {
        let (id, record) = self.record(happening, None);
        assert_eq!(self.notify([record]).await, 0);
        id
    }

    pub(crate) async fn send(&self, person: &Person, method: &str, target: &str, body: Option<Value>) -> Answer {
        let request = Request::new(method, target).by(person).within(self.id);
        let request = body.into_iter().fold(request, Request::json);
        self.world.send(&self.router, request).await
    }

    pub(crate) async fn mark(&self, person: &Person, id: NotificationId, body: Value) -> Answer {
        self.send(person, "PATCH", &format!("/notifications/{id}/read"), Some(body)).await
    }

    pub(crate) async fn delete(&self, person: &Person, id: NotificationId) -> Answer {
        self.send(person, "DELETE", &format!("/notifications/{id}"), None).await
    }

    pub(crate) async fn mark_all(&self, person: &Person, body: Value) -> Answer {
        self.send(person, "POST", "/notifications/mark-all-read", Some(body)).await
    }

    /// Returns the counts of a member.
    pub(crate) async fn counts(&self, person: &Person) -> Value {
        let answer = self.send(person, "GET", "/notifications/unread-count", None).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer}");
        answer.body
    }

    pub(crate) async fn badge(&self, person: &Person) -> u64 {
        self.counts(person).await["unread_count"].as_u64().unwrap()
    }

    /// Returns all notifications that a member's list shows with `query`, page by page.
    pub(crate) async fn all(&self, person: &Person, query: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let answer = self.send(person, "GET", &format!("/notifications?{query}{after}"), None).await;
            assert_eq!(answer.status.as_u16(), 200, "{answer}");
            found.extend(answer.body["notifications"].as_array().unwrap().iter().cloned());
            match answer.body["pagination"]["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return found,
            }
        }
    }

    /// Returns the key of a notification in the inbox of `person`.
    pub(crate) fn key(&self, person: &Person, id: NotificationId) -> (String, String) {
        (format!("WS#{}#INBOX", self.id), format!("{}#N#{id}", person.id()))
    }
}

pub(crate) fn ids(list: &[Value]) -> Vec<NotificationId> {
    list.iter().map(|entry| entry["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Returns a value in the format of the stream.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(value) => json!({"BOOL": value}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(values) => json!({"L": values.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(fields) => {
            json!({"M": fields.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<serde_json::Map<_, _>>()})
        }
    }
}
