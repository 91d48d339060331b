//! The workspace of the sample events, with the ids that they name: Ana's workspace on the plan pro, with Cleo as a
//! member, an invitation for Ben, a webhook, and a live connection of Ana.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "an unexpected value should end the run")]

use crate::{loopback::Loopback, template::Function};
use domain::{
    identity::access::Role,
    ids::NotificationId,
    keys::scope::KeyScope,
    live::{connection::ConnectionId, ticket::LiveTicket},
    notifications::week::Week,
};
use integrations::IntegrationDeps;
use jiff::Timestamp;
use local::{Error, Result};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use stripe_standin::{Options, Served, Standin};
use testkit::{ANA, BEN, CLEO, Request, World};
use workers::live;

/// Ids in the sample events.
const WORKSPACE: &str = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
const MEMBER: &str = "usr_01K9ZX3V8Q4M7N2P5R6S8T9W0X";
const INVITATION: &str = "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z";
const NOTIFICATION: &str = "ntf_0AK9ZX3V8Q4M7N2P5R6S8T9W10";
const NOTICE: &str = "ntf_01K9ZX3V8Q4M7N2P5R6S8T9W10";
const TICKET: &str = "tkt_01K9ZX3V8Q4M7N2P5R6S8T9W11";
/// The API key that the sample events present, and the digest of its secret.
const KEY: &str = "key_01K9ZX3V8Q4M7N2P5R6S8T9W12";
const KEY_DIGEST: &str = "ZAFqdnkZ9B75RfHq0A-l1s5PSONXUqvLyjQn-yrOc0g";
const CONNECTION: &str = "L0SM9cOFvHcCIhw=";

/// World with that workspace, and Stripe with its paid subscription.
#[derive(Debug, Clone)]
pub struct Acme {
    /// The world at the current time, because a function uses the system's clock.
    pub world: World,
    stripe: Arc<Served>,
}

impl Acme {
    /// Creates the workspace with everything in it. Only the times differ between calls.
    pub async fn found() -> Self {
        let acme = Self::with_unprocessed_payment().await;
        acme.send(&acme.billing(), "billing/sync").await;
        let (workspace, world) = (WORKSPACE.parse().unwrap(), &acme.world);
        world.join(workspace, &ANA, &CLEO, Role::Member).await;
        world.rename(CLEO.id(), MEMBER);
        world.rename(world.invitation(workspace, &ANA, &BEN, Role::Member).await.0, INVITATION);
        let (store, secrets) = (world.store(), world.integration_secrets());
        let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
        acme.send(&integrations::router(integrations, world.claim_rules()), "integrations/set-up").await;
        acme.make_key().await;
        acme.notify().await;
        acme.connect().await;
        acme
    }

    /// Makes the key of the sample events.
    async fn make_key(&self) {
        use KeyScope::{IntegrationsRead, NotificationsRead, TeamRead, UsageRead, UsageWrite};
        let scopes = [IntegrationsRead, NotificationsRead, TeamRead, UsageRead, UsageWrite];
        let (id, _) = self.world.key(WORKSPACE.parse().unwrap(), &ANA, &scopes).await;
        self.world.rename(id, KEY);
        let own = (format!("WS#{WORKSPACE}"), format!("APIKEY#{KEY}"));
        let used = (format!("WS#{WORKSPACE}#KEYS"), format!("USE#{KEY}"));
        self.world.overwrite_at(&own, "digest", json!({"S": KEY_DIGEST}));
        self.world.overwrite_at(&used, "current", json!({"S": KEY_DIGEST}));
    }

    /// Opens a live connection of Ana, which has not subscribed.
    async fn connect(&self) {
        let world = &self.world;
        world.open_socket(CONNECTION);
        let workspace = WORKSPACE.parse().unwrap();
        let ticket = LiveTicket::new(workspace, ANA.id(), world.ambient().fresh(), world.clock.now());
        live::open(&world.live_deps(), &ticket, &ConnectionId::new(CONNECTION.to_owned())).await.unwrap();
        world.rename(ticket.id, TICKET);
    }

    /// Notifies Ana of what has happened, and gives the notification of the new member the id of the sample events. Its week
    /// is far away, so it is shown whenever the samples are sent.
    async fn notify(&self) {
        self.world.notify_members().await;
        let items = self.world.items();
        let is_wanted = |item: &Value| item["_type"] == "notification" && item["happening"]["event"] == "member.joined";
        let ((pk, sk), _) = items.iter().find(|(_, item)| is_wanted(item)).unwrap();
        let (user, id) = sk.split_once("#N#").unwrap();
        let head = (pk.clone(), format!("{user}#HEAD"));
        let number = |week: Week| week.number().to_string();
        let fixed: NotificationId = NOTIFICATION.parse().unwrap();
        let [own, fixed] = [id.parse::<NotificationId>().unwrap(), fixed].map(|id| number(Week::of(id.made_at())));
        let others = &items[&head]["unread"][&own]["billing.admin"];
        let counts = json!({
            own: {"M": {"billing.admin": {"N": others.to_string()}}},
            fixed: {"M": {"team.admin": {"N": "1"}}},
        });
        self.world.overwrite_at(&head, "unread", json!({ "M": counts }));
        self.world.rename(id, NOTIFICATION);
    }

    /// Creates the workspace with Ana alone, who has paid the checkout of the sample event. Stripe knows the payment, and
    /// Berth does not yet.
    pub async fn with_unprocessed_payment() -> Self {
        let world = World::default();
        #[expect(clippy::disallowed_methods, reason = "the bootstraps use the system's clock")]
        world.wait(Timestamp::now().duration_since(world.clock.now()));
        world.rename(world.workspace_of(&ANA).await, WORKSPACE);
        let clock = world.clock.clone();
        let stripe = Standin::new(Options::new(move || clock.now(), 1)).serve(0).await.unwrap();
        let acme = Self { world, stripe: Arc::new(stripe) };
        acme.send(&acme.billing(), "billing/checkout").await;
        let sessions = acme.stripe.standin().state()["customers"][0]["checkout_sessions"].clone();
        acme.stripe.standin().pay(sessions[0]["id"].as_str().unwrap()).unwrap();
        acme
    }

    fn billing(&self) -> axum::Router {
        billing::router(self.world.billing_deps(self.stripe.url()), self.world.claim_rules())
    }

    /// Opens so many live connections of Ana that listen.
    pub async fn listen(&self, clients: usize) {
        let (world, workspace) = (&self.world, WORKSPACE.parse().unwrap());
        for client in 0..clients {
            let id = format!("client-{client}=");
            world.open_socket(&id);
            let ticket = LiveTicket::new(workspace, ANA.id(), world.ambient().fresh(), world.clock.now());
            live::open(&world.live_deps(), &ticket, &ConnectionId::new(id)).await.unwrap();
            let place = live::listener(workspace, ANA.id(), ticket.id);
            world.store().set_subscribed(place, true).await.unwrap();
        }
    }

    /// Takes the number of notifications that were pushed to these connections.
    #[must_use]
    pub fn pushed(&self) -> usize {
        let pushed = (0..).map_while(|client| self.world.pushed(&format!("client-{client}=")));
        pushed.flatten().filter(|message| message["type"] == "notification").count()
    }

    /// Returns a sample event of the table's stream with a notice of its own.
    #[must_use]
    pub fn noticed_now(&self, event: &str) -> String {
        event.replace(NOTICE, &self.world.ambient().fresh::<NotificationId>().to_string())
    }

    /// Takes the events that Stripe has not delivered yet, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        let waiting = self.stripe.standin().take_all_deliveries().into_iter();
        waiting.map(|delivery| String::from_utf8(delivery.body).unwrap()).collect()
    }

    /// Returns true if Berth has recorded the purchase.
    #[must_use]
    pub fn has_paid_plan(&self) -> bool {
        let billing = self.world.items().remove(&(format!("WS#{WORKSPACE}"), "SUBSCRIPTION".to_owned()));
        billing.is_some_and(|billing| billing.to_string().contains("\"pro\""))
    }

    /// Adds `number` members, audit records and invoices to the workspace.
    pub fn grow(&self, number: usize) {
        let items = self.world.items();
        let find = |pk: &str, sk: &str| items.keys().find(|key| key.0 == pk && key.1.starts_with(sk)).unwrap().clone();
        let workspace = format!("WS#{WORKSPACE}");
        let of = |prefix: &'static str| (0..number).map(move |n| format!("{prefix}{n:026}"));
        self.world.copy_item(&find(&workspace, "MEMBER#"), of("MEMBER#usr_"));
        self.world.copy_item(&find(&format!("{workspace}#AUDIT"), ""), of(""));
        self.stripe.standin().repeat_invoice(number);
    }

    /// Resets all budgets of the workspace, so that a repeated event is not refused.
    pub fn refill(&self) {
        self.world.overwrite_all(WORKSPACE.parse().unwrap(), "BUDGET#", "taken", json!({"N": "0"}));
    }

    async fn send(&self, router: &axum::Router, event: &str) {
        let answer = self.world.send(router, Request::event(event)).await;
        assert!(answer.status.is_success(), "{event}: {answer}");
    }

    /// Serves the world and Stripe.
    ///
    /// # Errors
    /// Returns an error if no port can be bound.
    pub async fn serve(&self) -> Result<Loopback> {
        Loopback::serve(self.world.clone(), self.stripe.standin()).await
    }

    /// Returns the settings that the template gives to `function`, with their values in this world.
    ///
    /// # Errors
    /// Returns an error if the template names a setting without a value here.
    pub fn settings(&self, function: &Function, services: &Loopback) -> Result<BTreeMap<String, String>> {
        let value = |name: &String| {
            let value = setting(name, &services.url()).ok_or_else(|| Error::lacks("infra/bench/src/acme.rs", name))?;
            Ok((name.clone(), value))
        };
        let mut settings = function.settings.iter().map(value).collect::<Result<BTreeMap<_, _>>>()?;
        // As in the local cloud, no delivery goes to the Internet.
        settings.insert("DEVELOPMENT_ONLY_SEND_EVERY_DELIVERY_TO".to_owned(), services.url());
        Ok(settings)
    }

    /// Signs a Stripe event with the current time, because the signature of the sample is stale.
    #[must_use]
    pub fn signed_now(&self, event: &str) -> String {
        let mut event: Value = serde_json::from_str(event).unwrap();
        let signature = self.world.stripe_signature(event["body"].as_str().unwrap_or_default().as_bytes());
        event["headers"]["stripe-signature"] = signature.into();
        event.to_string()
    }
}

/// Returns the value of a setting in the test world. Values do not depend on the part of `services` before its last
/// slash.
fn setting(name: &str, services: &str) -> Option<String> {
    let queue = |name: &str| format!("{services}/000000000000/{name}");
    Some(match name {
        "RUNTIME_TASK_DEFINITIONS" => "256/512=runtime-256-512,1024/2048=runtime-1024-2048".to_owned(),
        "TABLE_NAME" => "berth".to_owned(),
        "METRICS_NAMESPACE" => "Berth/berth".to_owned(),
        "TOKEN_AUDIENCE" => ANA.claims()["aud"].as_str().unwrap_or_default().to_owned(),
        "CLAIM_EMAIL" => "email".to_owned(),
        "CLAIM_EMAIL_VERIFIED" => "email_verified".to_owned(),
        "CLAIM_NAME" => "name".to_owned(),
        "STAFF_CLAIM" => "cognito:groups".to_owned(),
        "STAFF_GROUP" => "staff".to_owned(),
        "API_KEY_PREFIX" => "berth_sk_".to_owned(),
        "APP_ORIGIN" => "https://app.example.com".to_owned(),
        "LETTERS_URL" => "https://api.example.com/api/v1/letters".to_owned(),
        "LIVE_URL" => "wss://live.example.com/live".to_owned(),
        "LIVE_ENDPOINT" => format!("{services}/live"),
        "EXTRA_ORIGIN" | "STRIPE_PORTAL_CONFIGURATION" => String::new(),
        "INVITATION_SECRET_ARN" => "invitation".to_owned(),
        "RUNTIME_TOKEN_SECRET_ARN" => "runtime".to_owned(),
        "STRIPE_API_KEY_SECRET_ARN" => "stripe".to_owned(),
        "STRIPE_WEBHOOK_SECRET_ARN" => "stripe-webhook".to_owned(),
        "CHECKPOINT_KEY" => "checkpoint-key".to_owned(),
        "CHECKPOINT_BUCKET" => "checkpoints".to_owned(),
        "INTEGRATION_SECRET_PREFIX" => "berth/test/integration/".to_owned(),
        "STRIPE_API_BASE" => services.to_owned(),
        "FREE_WORKSPACES_PER_PERSON" => "3".to_owned(),
        "FREE_CONTAINERS_PER_PERSON" => "1".to_owned(),
        "STRIPE_INVOICES_OF_ENDED_SUBSCRIPTIONS" => "void".to_owned(),
        "RUNTIME_IMAGE_REPORTS" => "true".to_owned(),
        "STRIPE_ON_LOST_DISPUTE" => "cancel".to_owned(),
        "STRIPE_AUTOMATIC_TAX" | "STRIPE_PROMOTION_CODES" => "false".to_owned(),
        "DELIVERY_PORTS" => "443".to_owned(),
        "MAIL_QUEUE_URL" => queue("mail"),
        "RUNTIME_QUEUE_URL" => queue("runtime"),
        "DELIVER_QUEUE_URL" => queue("deliver"),
        "STRIPE_QUEUE_URL" => queue("stripe-events.fifo"),
        "DELIVER_DEAD_LETTERS_URL" => queue("deliver-dead"),
        "MAIL_DEAD_LETTERS_URL" => queue("mail-dead"),
        "NOTIFIER_DEAD_LETTERS_URL" => queue("notifier-dead"),
        "OUTBOX_DEAD_LETTERS_URL" => queue("outbox-dead"),
        "RUNTIME_DEAD_LETTERS_URL" => queue("runtime-dead"),
        "STRIPE_EVENTS_DEAD_LETTERS_URL" => queue("stripe-events-dead"),
        "PRODUCT_NAME" => "Acme".to_owned(),
        "PRODUCT_LOGO" | "ACCENT_COLOR" | "POSTAL_ADDRESS" | "SUPPORT_URL" | "MAIL_REPLY_TO" => String::new(),
        "MAIL_FROM" => "berth@example.com".to_owned(),
        "MAIL_CONFIGURATION_SET" => "berth-mail".to_owned(),
        "RUNTIME_CLUSTER" => "berth".to_owned(),
        "RUNTIME_SUBNETS" => "subnet-a,subnet-b".to_owned(),
        "RUNTIME_SECURITY_GROUP" => "sg-runtime".to_owned(),
        "RUNTIME_PUBLIC_IP" => "ENABLED".to_owned(),
        "RUNTIME_API_URL" => "https://runtime-api.example.com/".to_owned(),
        _ => return None,
    })
}
