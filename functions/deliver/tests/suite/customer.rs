//! A customer with integrations, and the machinery between the events of a workspace and its receivers.

use aws_lambda_events::event::sqs::SqsEvent;
use axum::Router;
use domain::{
    identity::access::Role,
    ids::{EventId, UserId, WorkspaceId},
    integrations::Occurrence,
};
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use store::due::{self, Due};
use testkit::{ANA, Answer, Request, World, meter, plan, webhook_secret};
use workers::letters::MailOutcome;

pub(crate) struct Customer {
    pub(crate) world: World,
    pub(crate) router: Router,
    pub(crate) id: WorkspaceId,
}

/// Returns a config and a secret of each type.
pub(crate) fn of_each_type() -> [(&'static str, Value, String); 8] {
    let key = "0123456789abcdef0123456789abcdef";
    [
        ("datadog", json!({"site": "datadoghq.eu"}), key.to_owned()),
        ("discord", json!({}), "https://discord.com/api/webhooks/1234567890/token".to_owned()),
        ("github", json!({"repository": "octo-org/octo-repo"}), "github_pat_0123456789_abcdef".to_owned()),
        ("microsoft_teams", json!({}), "https://a.logic.azure.com/workflows/x?sig=y".to_owned()),
        ("pagerduty", json!({"region": "eu"}), key.to_owned()),
        ("sentry", json!({}), format!("https://{key}@o1.ingest.sentry.io/42")),
        ("slack", json!({}), "https://hooks.slack.com/services/T0/B0/XXXX".to_owned()),
        ("webhook", json!({"url": "https://hooks.example.com/"}), webhook_secret("0123456789abcdef")),
    ]
}

pub(crate) fn one_of_each_event() -> [Occurrence; 9] {
    [
        Occurrence::MemberJoined { user_id: UserId::NIL, role: Role::Viewer },
        Occurrence::MemberRemoved { user_id: UserId::NIL },
        Occurrence::PlanChanged { from: plan("free").name, to: plan("pro").name },
        Occurrence::PaymentFailed { grace_until: None },
        Occurrence::PaymentRecovered {},
        Occurrence::RuntimeStarted { generation: 1 },
        Occurrence::RuntimeStopped { generation: 1, reason: None },
        Occurrence::RuntimeFailed { generation: 1, reason: None },
        Occurrence::LimitReached { resource: meter("api_keys").name, limit: 5 },
    ]
}

impl Customer {
    /// Creates a customer without integrations.
    pub(crate) async fn of(world: World) -> Self {
        let (store, secrets) = (world.store(), world.integration_secrets());
        let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
        let router = integrations::router(integrations, world.claim_rules());
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("pro")).await;
        Self { world, router, id }
    }

    /// Creates a customer with an integration of this type.
    pub(crate) async fn with(kind: &str) -> Self {
        let customer = Self::of(World::default()).await;
        customer.set_up(kind).await;
        customer
    }

    /// Creates a customer with an integration of each type.
    pub(crate) async fn with_all() -> Self {
        let customer = Self::of(World::default()).await;
        for (kind, ..) in of_each_type() {
            customer.set_up(kind).await;
        }
        customer
    }

    pub(crate) async fn set_up(&self, kind: &str) {
        let (_, config, secret) = of_each_type().into_iter().find(|(name, ..)| *name == kind).unwrap();
        let body = json!({"config": config, "secret": secret});
        let answer = self.send(Request::new("PUT", &format!("/integrations/{kind}")).json(body)).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer}");
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        self.world.send(&self.router, request.within(self.id)).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.send(Request::new("POST", path)).await
    }

    /// Returns the message about `occurrence`, as the outbox relays it.
    pub(crate) fn event(&self, occurrence: Occurrence) -> Value {
        let (event, at): (EventId, _) = (self.world.store().ambient().fresh(), self.world.clock.now());
        json!({"kind": "event", "workspace": self.id, "event": event, "occurrence": occurrence, "at": at})
    }

    /// Delivers `occurrence` and returns the numbers of the messages that failed.
    pub(crate) async fn happens(&self, occurrence: Occurrence) -> Vec<String> {
        self.deliver(&[self.event(occurrence)]).await
    }

    /// Delivers a batch of these bodies and returns the numbers of those that failed.
    pub(crate) async fn deliver(&self, bodies: &[Value]) -> Vec<String> {
        self.deliver_event(Request::batch("deliver/event", bodies)).await
    }

    pub(crate) async fn deliver_event(&self, event: Value) -> Vec<String> {
        let event: SqsEvent = serde_json::from_value(event).unwrap();
        let response = deliver::deliver(&self.world.delivery_deps(), event).await;
        response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }

    /// Relays the outbox: sends e-mails and makes deliveries.
    pub(crate) async fn relay(&self) {
        for (key, item) in self.world.items().into_iter().filter(|(_, item)| item["_type"] == "outbox") {
            let body = item["message"].clone();
            match body["kind"].as_str().unwrap() {
                "event" | "delivery" => assert_eq!(self.deliver(&[body]).await, Vec::<String>::new()),
                "integration_mail" => {
                    let deps = self.world.mailer_deps();
                    let kind = body["integration"].as_str().unwrap().parse().unwrap();
                    let version = body["version"].as_u64().unwrap();
                    let mailed = workers::integrations::mail_disabled(&deps, self.id, kind, version).await;
                    // Nothing is sent to a recipient who has used up the letters of the day.
                    assert!(matches!(mailed.unwrap(), MailOutcome::Sent | MailOutcome::Outdated));
                }
                _ => {}
            }
            let id = key.0.strip_prefix("OUTBOX#").unwrap().parse().unwrap();
            self.world.store().delete_relayed(id).await.unwrap();
        }
    }

    /// Returns the messages that the sweeper would queue now for due deliveries.
    pub(crate) async fn due(&self) -> Vec<Value> {
        let mut messages = Vec::new();
        for bucket in due::buckets() {
            let page = self.world.store().due(bucket, self.world.clock.now(), None).await.unwrap();
            messages.extend(page.items.into_iter().filter_map(|(_, due)| match due {
                Due::Delivery(delivery) => Some(serde_json::to_value(delivery.message()).unwrap()),
                Due::Message(_)
                | Due::Invitation(_)
                | Due::Secret(_)
                | Due::Runtime(_)
                | Due::Billing(_)
                | Due::Checkpoint(_)
                | Due::Linking(_)
                | Due::Intent(_)
                | Due::Seats(_)
                | Due::Comparison(_)
                | Due::Idle(_)
                | Due::Account(_)
                | Due::Deletion(_)
                | Due::Letter(_)
                | Due::Revocation(_)
                | Due::Key(_)
                | Due::Foreign
                | Due::Notice(_)
                | Due::Window(_)
                | Due::Connection(_)
                | Due::Corrupt(_) => None,
            }));
        }
        messages
    }

    /// Returns the only delivery to the webhook, as listed.
    pub(crate) async fn delivery(&self) -> Value {
        let listed = self.send(Request::new("GET", "/integrations/webhook/deliveries")).await;
        assert_eq!((listed.status.as_u16(), listed.usage.round_trips), (200, 1), "{listed}");
        let deliveries = listed.body["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 1, "{listed}");
        deliveries[0].clone()
    }

    /// Returns the webhook's integration, as shown.
    pub(crate) async fn integration(&self) -> Value {
        self.send(Request::new("GET", "/integrations/webhook")).await.body
    }

    /// Returns the changes of the table since the last call, without deliveries and their results.
    pub(crate) fn without_deliveries(&self) -> String {
        let changes = self.world.changes();
        let items = changes.split("\n}\n").filter(|item| !item.contains("#DELIVERIES") && !item.contains("#HEALTH"));
        items.collect::<Vec<_>>().join("\n}\n")
    }
}
