//! The test world.

use super::{
    clock::ManualClock,
    exchange::{Answer, Request},
    log::canary::{Canaries, Watch},
    network::{
        connector::{Letter, Net},
        crash::{Crash, Moment},
        faults::{Chances, Fault},
    },
    people::{self, ANA, Person},
    services::{
        cluster::{Cluster, Refusal, RunningTask},
        queues::{FifoMessage, QueuedMessage},
        receivers::Receivers,
        secrets::{INVITATION, RUNTIME, STRIPE, STRIPE_READ, StoredSecret, WEBHOOK, WEBHOOK_SECRET},
        vault,
    },
    table::{self, consistency},
};
use crate::plans::PLANS;
use api::ClaimRules;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_types::{SdkConfig, region::Region};
use courier::Courier;
use domain::{
    billing::account::Billing,
    billing::stripe::signature as stripe_signature,
    billing::subscription::{Period, Status, Subscription},
    command::Reply,
    identity::access::Role,
    ids::{InvitationId, KeyId, UserId, WorkspaceId},
    keys::{
        record::{Allotments, KeyTerms, NewKey, Validity},
        scope::{KeyScope, KeyScopes},
    },
    notifications::{happening::Notice, recipient::Recipient},
    plans::{catalogue::Plans, contract::ContractTerms, money::Interval, plan::Plan, size::Size},
    text::Timezone,
    workspace::allowance::{FreeContainerLimit, FreeWorkspaceLimit},
};
use ecs::{self, Tasks};
use jiff::SignedDuration;
use mail::{MailClient, Sender};
use notary::Notary;
use platform::{ambient::Ambient, aws::with_time_limits, config::Environment, telemetry::measure};
use queue::{DeliveryQueue, Queues, StripeEvents};
use secrets::{IntegrationSecrets, InvitationKey, LiveKey, RuntimeKey, WebhookSecret};
use serde_json::Value;
use shared::{
    billing::BillingDeps,
    doctor::DoctorDeps,
    keys::create_key,
    team::{self, PresentedInvitation},
    workspace,
};
use sockets::Sockets;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Write},
    sync::{Arc, Mutex},
};
use store::{Store, notifications::notices::NoticeItem};
use tower::ServiceExt;
use workers::{
    integrations::DeliveryDeps, letters::MailerDeps, live::LiveDeps, notifications::deliver_notice,
    runtime::ReconcilerDeps, workspace::DeletionDeps,
};

/// Environment variable with the address of the delivery queue.
const DELIVER_QUEUE: (&str, &str) = ("DELIVER_QUEUE_URL", "http://world.invalid/000000000000/deliver");

/// The environment of one test.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) net: Net,
    /// Clock of the world.
    pub clock: ManualClock,
    ambient: Ambient,
    /// The receivers of integrations.
    pub receivers: Receivers,
    seen: Arc<Mutex<BTreeMap<(String, String), Value>>>,
    watch: Arc<Watch>,
    plans: Plans,
}

impl Default for World {
    fn default() -> Self {
        Self::build(0, false)
    }
}

impl World {
    /// The company's plans.
    #[must_use]
    pub const fn plans(&self) -> Plans {
        self.plans
    }

    /// Returns the same world in a company with other plans.
    #[must_use]
    pub fn with_plans(self, plans: Plans) -> Self {
        Self { plans, ..self }
    }

    /// Creates a world in which every call takes a random virtual time before and after it, derived from `seed`. Its
    /// test must run on a paused clock: `#[tokio::test(start_paused = true)]`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::build(seed, true)
    }

    fn build(seed: u64, delays: bool) -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
        let rng = Mutex::new(fastrand::Rng::with_seed(seed.wrapping_add(1)));
        let random = move || rng.lock().unwrap().u128(..);
        let ambient = Ambient::from_sources(
            {
                let clock = clock.clone();
                move || clock.now()
            },
            random,
        );
        // The SDK's own waits are random, too.
        fastrand::seed(seed);
        let canaries = Canaries::watching();
        Self {
            net: Net::new(&clock, canaries.clone(), seed, delays),
            clock,
            ambient,
            receivers: Receivers::default(),
            seen: Arc::default(),
            watch: Arc::new(Watch(canaries)),
            plans: PLANS,
        }
    }

    /// Returns the configuration with which AWS clients reach the world.
    #[must_use]
    pub fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("test", "test", None, None, "test");
        with_time_limits(SdkConfig::builder())
            .region(Region::new("us-east-1"))
            .endpoint_url("http://world.invalid")
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.net.clone())
            .build()
    }

    /// Returns a store of the world's table.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(&self.config(), table::NAME.to_owned(), self.ambient.clone(), self.plans)
    }

    /// Returns the key of invitation tokens.
    #[must_use]
    pub fn invitation_key(&self) -> InvitationKey {
        InvitationKey::new(&self.config(), INVITATION.to_owned())
    }

    /// Returns the key of runtime tokens.
    #[must_use]
    pub fn runtime_key(&self) -> RuntimeKey {
        RuntimeKey::new(&self.config(), RUNTIME.to_owned())
    }

    /// Returns the key of tickets for live connections.
    #[must_use]
    pub fn live_key(&self) -> LiveKey {
        LiveKey::new(&self.config(), INVITATION.to_owned())
    }

    /// Returns the dependencies of live connections.
    #[must_use]
    pub fn live_deps(&self) -> LiveDeps {
        let sockets = Sockets::new(&self.config(), "http://world.invalid/live".to_owned());
        LiveDeps { store: self.store(), sockets }
    }

    /// Opens a connection at API Gateway, as a client does.
    pub fn open_socket(&self, id: &str) {
        self.net.connections(|connections| connections.open(id));
    }

    /// Ends a connection, as a reset does: no function is invoked. Returns false if it had ended.
    pub fn reset_socket(&self, id: &str) -> bool {
        self.net.connections(|connections| connections.reset(id))
    }

    /// Takes the messages to the client of a connection since the last call; `None` if it has ended.
    #[must_use]
    pub fn pushed(&self, id: &str) -> Option<Vec<Value>> {
        self.net.connections(|connections| connections.take(id))
    }

    /// Takes the number of calls for connections that had ended.
    #[must_use]
    pub fn calls_in_vain(&self) -> u32 {
        self.net.connections(|connections| connections.take_gone())
    }

    /// Returns the world's time and randomness.
    #[must_use]
    pub fn ambient(&self) -> Ambient {
        self.ambient.clone()
    }

    /// Returns the signing secret of Stripe's webhook.
    #[must_use]
    pub fn webhook_secret(&self) -> WebhookSecret {
        WebhookSecret::new(&self.config(), WEBHOOK.to_owned())
    }

    /// Returns the header that Stripe would send with `body` at the current time.
    #[must_use]
    pub fn stripe_signature(&self, body: &[u8]) -> String {
        stripe_signature::sign(WEBHOOK_SECRET, body, self.clock.now())
    }

    /// Returns the secrets of integrations.
    #[must_use]
    pub fn integration_secrets(&self) -> IntegrationSecrets {
        let environment = Environment::from_iter([("INTEGRATION_SECRET_PREFIX", "berth/test/integration/")]);
        IntegrationSecrets::from_environment(&self.config(), &environment).unwrap()
    }

    /// Returns the secrets of customers in Secrets Manager, by name.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, StoredSecret> {
        self.net.secrets()
    }

    /// Returns the queues of the outbox.
    #[must_use]
    pub fn queues(&self) -> Queues {
        let environment = Environment::from_iter([
            ("MAIL_QUEUE_URL", "http://world.invalid/000000000000/mail"),
            ("RUNTIME_QUEUE_URL", "http://world.invalid/000000000000/runtime"),
            DELIVER_QUEUE,
        ]);
        Queues::from_environment(&self.config(), &environment).unwrap()
    }

    /// Returns the queue of Stripe's events.
    #[must_use]
    pub fn stripe_events(&self) -> StripeEvents {
        let environment =
            Environment::from_iter([("STRIPE_QUEUE_URL", "http://world.invalid/000000000000/stripe-events.fifo")]);
        StripeEvents::from_environment(&self.config(), &environment).unwrap()
    }

    /// Returns the key that signs checkpoints, and the bucket that keeps them.
    #[must_use]
    pub fn notary(&self) -> Notary {
        Notary::new(&self.config(), vault::KEY.to_owned(), vault::BUCKET.to_owned())
    }

    /// Returns the public key of checkpoints as PEM.
    #[must_use]
    pub fn public_key(&self) -> String {
        vault::public_key()
    }

    /// Returns the objects in the bucket of checkpoints, oldest first: names and texts. An object that was stored twice is there
    /// twice.
    #[must_use]
    pub fn kept_objects(&self) -> Vec<(String, String)> {
        self.net.objects()
    }

    /// Returns the client for the receivers of integrations. Its connections lead to the stand-ins.
    #[must_use]
    pub fn courier(&self) -> Courier {
        let clock = self.clock.clone();
        self.receivers.courier(move || clock.now())
    }

    /// Returns the dependencies of the delivery worker.
    #[must_use]
    pub fn delivery_deps(&self) -> DeliveryDeps {
        DeliveryDeps {
            store: self.store(),
            secrets: self.integration_secrets(),
            courier: self.courier(),
            later: DeliveryQueue::from_environment(&self.config(), &Environment::from_iter([DELIVER_QUEUE])).unwrap(),
        }
    }

    /// Takes the bodies of messages that standard queues accepted since the last call, each with its delay in seconds.
    #[must_use]
    pub fn delayed_messages(&self) -> Vec<(u64, Value)> {
        self.net.take_messages().into_iter().map(|message| (message.delay, message.body)).collect()
    }

    /// Takes the messages that standard queues accepted since the last call, with all parameters of the request.
    #[must_use]
    pub fn messages(&self) -> Vec<QueuedMessage> {
        self.net.take_messages()
    }

    /// Returns the dependencies of the mailer of invitations.
    #[must_use]
    pub fn mailer_deps(&self) -> MailerDeps {
        let sender = Sender {
            from: "berth@example.com".to_owned(),
            reply_to: Some("help@example.com".parse().unwrap()),
            configuration_set: Some("berth-mail".to_owned()),
        };
        MailerDeps {
            store: self.store(),
            key: self.invitation_key(),
            post: MailClient::new(&self.config(), sender),
            dashboard: "https://app.example.com".to_owned(),
            letters: "https://api.example.com/api/v1/letters".to_owned(),
            brand: mail::sample_brand(),
        }
    }

    /// Returns the dependencies of the runtime reconciler: a cluster with two subnets and one task definition for each
    /// size, such as `runtime-256-512`.
    #[must_use]
    pub fn reconciler_deps(&self) -> ReconcilerDeps {
        let sizes: BTreeSet<_> = self.plans.iter().filter_map(|plan| plan.size).collect();
        let definition =
            |Size { cpu_units, memory_mib }: Size| format!("{cpu_units}/{memory_mib}=runtime-{cpu_units}-{memory_mib}");
        let definitions = sizes.into_iter().map(definition).collect::<Vec<_>>().join(",");
        let environment = Environment::from_iter([
            ("RUNTIME_CLUSTER", "berth"),
            ("RUNTIME_SUBNETS", "subnet-a,subnet-b"),
            ("RUNTIME_SECURITY_GROUP", "sg-runtime"),
            ("RUNTIME_PUBLIC_IP", "ENABLED"),
            ("RUNTIME_API_URL", "https://runtime-api.example.com/"),
            ("RUNTIME_TASK_DEFINITIONS", definitions.as_str()),
        ]);
        let tasks = Tasks::from_environment(&self.config(), &environment).unwrap();
        ReconcilerDeps { store: self.store(), tasks, key: self.runtime_key() }
    }

    /// Returns the dependencies of billing, with Stripe at `stripe`.
    #[must_use]
    pub fn billing_deps(&self, stripe: &str) -> BillingDeps {
        self.billing_deps_with(stripe, STRIPE)
    }

    /// Returns the dependencies of billing, with the Stripe API key in the secret `key`.
    fn billing_deps_with(&self, stripe: &str, key: &str) -> BillingDeps {
        let environment = Environment::from_iter([
            ("STRIPE_API_BASE", stripe),
            ("STRIPE_API_KEY_SECRET_ARN", key),
            ("APP_ORIGIN", "https://app.example.com"),
        ]);
        BillingDeps::from_environment(self.store(), &self.config(), &environment).unwrap()
    }

    /// Returns the dependencies of the doctor, with Stripe at `stripe` and a key that may only read.
    #[must_use]
    pub fn doctor_deps(&self, stripe: &str) -> DoctorDeps {
        let BillingDeps { store, payments, .. } = self.billing_deps_with(stripe, STRIPE_READ);
        let environment = Environment::from_iter([("RUNTIME_CLUSTER", "berth")]);
        let cluster = ecs::Cluster::from_environment(&self.config(), &environment).unwrap();
        DoctorDeps { store, cluster, secrets: self.integration_secrets(), payments }
    }

    /// Deletes the secrets of customers without any call of the API.
    pub fn lose_secrets(&self) {
        self.net.lose_secrets();
    }

    /// Returns the dependencies of the deletion of workspaces, with Stripe at `stripe`.
    #[must_use]
    pub fn deletion_deps(&self, stripe: &str) -> DeletionDeps {
        let BillingDeps { payments, ends, .. } = self.billing_deps(stripe);
        let (store, queues, secrets) = (self.store(), self.queues(), self.integration_secrets());
        DeletionDeps { store, queues, secrets, payments, ends }
    }

    /// Returns all tasks that ECS was asked to run, oldest first.
    #[must_use]
    pub fn tasks(&self) -> Vec<RunningTask> {
        self.net.cluster(Cluster::tasks)
    }

    /// Returns the largest number of tasks of one workspace and generation that were ever alive at once.
    #[must_use]
    pub fn most_alive(&self) -> usize {
        self.net.cluster(|cluster| cluster.most_alive())
    }

    /// Makes every task take `run` to run, `stop` to stop, and `show` to appear in lists and descriptions.
    pub fn slow_cluster(&self, run: SignedDuration, stop: SignedDuration, show: SignedDuration) {
        self.net.cluster(|cluster| cluster.set_delays(run, stop, show));
    }

    /// Refuses the next new launch; planned twice, the next two.
    pub fn refuse_task(&self, refusal: Refusal) {
        self.net.cluster(|cluster| cluster.refuse(refusal));
    }

    /// Cancels all planned refusals of launches.
    pub fn forget_refusals(&self) {
        self.net.cluster(Cluster::forget_refusals);
    }

    /// Stops a task with this stop code.
    pub fn end_task(&self, arn: &str, code: &'static str) {
        self.net.cluster(|cluster| cluster.end(arn, code));
    }

    /// Runs `work` in a process that crashes at its `call`-th call, counted from 0. Returns its output, or `None` if it
    /// crashed.
    pub async fn crashing<F: Future>(&self, call: u32, moment: Moment, work: F) -> Option<F::Output> {
        let (crash, ended) = Crash::at(call, moment);
        self.net.set_crash(Some(crash));
        let output = tokio::select! {
            biased;
            output = work => Some(output),
            _ = ended => None,
        };
        self.net.set_crash(None);
        output
    }

    /// Makes an API key of `maker` with `scopes`. Returns its id and its token.
    pub async fn key(&self, workspace: WorkspaceId, maker: &Person, scopes: &[KeyScope]) -> (KeyId, String) {
        let scopes: BTreeSet<_> = scopes.iter().copied().collect();
        let terms = KeyTerms {
            name: "Nightly export".parse().unwrap(),
            scopes: KeyScopes::new(scopes).unwrap(),
            networks: Vec::new(),
            allotments: Allotments::new(),
        };
        let wanted = NewKey { terms, validity: Validity::default(), is_service: false };
        let (store, rules) = (self.store(), self.claim_rules());
        let made = create_key(&store, rules.key_prefix(), &maker.caller(), workspace, &wanted, None).await.unwrap();
        let made = made.first().unwrap();
        (made.key.id, made.secret.unwrap())
    }

    /// Returns the rules for the claims of the test's people.
    #[must_use]
    pub fn claim_rules(&self) -> ClaimRules {
        people::claim_rules()
    }

    /// Sends `request` to `router`. A secret in the request must not be found outside Secrets Manager for the rest of
    /// the test.
    pub async fn send(&self, router: &axum::Router, request: Request) -> Answer {
        let Watch(canaries) = &*self.watch;
        request.secret().into_iter().for_each(|secret| canaries.put(secret));
        let (response, usage) = measure(router.clone().oneshot(request.into_http())).await;
        let answer = Answer::of(response.unwrap(), usage).await;
        canaries.search("an answer", &format!("{:?} {}", answer.headers, answer.body));
        answer
    }

    /// Plans `fault` for the next call of `operation`; planned twice, for the next two.
    pub fn plan(&self, operation: &str, fault: Fault) {
        self.net.plan(operation, fault);
    }

    /// Cancels all planned faults that have not occurred.
    pub fn forget_plans(&self) {
        self.net.forget_plans();
    }

    /// Makes faults possible for every call.
    pub fn set_fault_chances(&self, chances: Chances) {
        self.net.set_chances(Some(chances));
    }

    /// Stops all faults that are not planned.
    pub fn clear_fault_chances(&self) {
        self.net.set_chances(None);
    }

    /// Takes the number of calls of each operation since the last call, including retries of the SDK.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u32> {
        self.net.take_calls()
    }

    /// Takes the keys named in transactions since the last call.
    #[must_use]
    pub fn transaction_keys(&self) -> BTreeSet<(String, String)> {
        self.net.take_named()
    }

    /// Takes the bodies of messages that standard queues accepted since the last call.
    #[must_use]
    pub fn queued(&self) -> Vec<Value> {
        self.net.take_queued()
    }

    /// Takes the messages that FIFO queues accepted since the last call.
    #[must_use]
    pub fn queued_in_order(&self) -> Vec<FifoMessage> {
        self.net.take_queued_in_order()
    }

    /// Has SES refuse letters to `address` with the error `code` and this message.
    pub fn refuse_letters_to(&self, address: &str, code: &'static str, message: &str) {
        self.net.refuse_letters_to(address, code, message);
    }

    /// Takes the letters sent since the last call.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.net.take_letters()
    }

    /// Returns all records of the table's stream as one Lambda event.
    #[must_use]
    pub fn stream(&self) -> Value {
        serde_json::json!({ "Records": table::stream(self.net.table()) })
    }

    /// Returns every item by its key, as plain JSON.
    #[must_use]
    pub fn items(&self) -> BTreeMap<(String, String), Value> {
        table::items(self.net.table())
    }

    /// Returns the facts of each event of this name, such as `member.joined`, that is stored in the outbox.
    #[must_use]
    pub fn outbox_events(&self, name: &str) -> Vec<Value> {
        let messages = self.items().into_values().filter(|item| item["_type"] == "outbox");
        let occurrences = messages.map(|item| item["message"]["occurrence"].clone());
        occurrences
            .filter(|occurrence| occurrence["type"] == name)
            .map(|occurrence| occurrence["facts"].clone())
            .collect()
    }

    /// Notifies members of everything of which a notice is stored, as `notifier` does.
    pub async fn notify_members(&self) {
        for item in self.notices() {
            assert!(self.notify(&item).await);
        }
    }

    /// Returns the stored notices.
    #[must_use]
    pub fn notices(&self) -> Vec<NoticeItem> {
        let items = self.items().into_iter().filter(|(_, item)| item["_type"] == "notice");
        let notice = |((pk, _), item): ((String, String), Value)| NoticeItem {
            id: pk.strip_prefix("NOTICE#").unwrap().parse().unwrap(),
            notice: Notice {
                workspace: serde_json::from_value(item["workspace"].clone()).unwrap(),
                happening: serde_json::from_value(item["happening"].clone()).unwrap(),
                actor: serde_json::from_value(item["actor"].clone()).unwrap(),
            },
        };
        items.map(notice).collect()
    }

    /// Notifies members of one event. Returns true if nobody is left to be notified.
    pub async fn notify(&self, item: &NoticeItem) -> bool {
        deliver_notice(&self.store(), item).await.is_ok()
    }

    /// Notifies members of one event, and pushes it to their connections. Returns true if nobody is left to be notified.
    pub async fn push(&self, item: &NoticeItem) -> bool {
        workers::live::notify(&self.live_deps(), item).await.is_ok()
    }

    /// Returns the changes of the table since the last call, one paragraph per item.
    pub fn changes(&self) -> String {
        let mut now = self.items();
        // Salts of audit records and signatures of checkpoints are random, and say nothing about a change.
        for item in now.values_mut().filter_map(Value::as_object_mut) {
            item.remove("salts");
            if let Some(Value::String(text)) = item.get_mut("checkpoint") {
                let (before, signature) = text.split_once(r#""signature":""#).unwrap();
                let (_, after) = signature.split_once('"').unwrap();
                *text = format!(r#"{before}"signature":"…"{after}"#);
            }
        }
        let before = std::mem::replace(&mut *self.seen.lock().unwrap(), now.clone());
        let mut text = String::new();
        for (key, item) in &before {
            if !now.contains_key(key) {
                writeln!(text, "- {} | {}\n{item:#}", key.0, key.1).unwrap();
            }
        }
        for (key, item) in &now {
            match before.get(key) {
                None => writeln!(text, "+ {} | {}\n{item:#}", key.0, key.1).unwrap(),
                Some(old) if old != item => writeln!(text, "~ {} | {}\n{item:#}", key.0, key.1).unwrap(),
                Some(_) => {}
            }
        }
        text
    }

    /// Fails the test if the table has changed since the last call of `changes`.
    #[track_caller]
    pub fn assert_nothing_written(&self) {
        assert_eq!(self.changes(), "", "the table must not change");
    }

    /// Fails the test if anything but budget counters has changed since the last call of `changes`.
    #[track_caller]
    pub fn assert_only_budgets_written(&self) {
        assert_eq!(self.changed_but_budgets(), [""; 0], "only budget counters may change");
    }

    /// Returns the keys that have changed since the last call of `changes`, without budget counters.
    #[must_use]
    pub fn changed_but_budgets(&self) -> Vec<String> {
        let changes = self.changes();
        let keys = changes.lines().filter(|line| line.starts_with(['+', '-', '~']));
        keys.filter(|key| !key.contains(" | BUDGET#")).map(ToOwned::to_owned).collect()
    }

    /// Fails the test if the counters, seats, addresses, lists and records of any team are inconsistent. Returns the
    /// number of workspaces.
    #[track_caller]
    pub fn assert_counters_consistent(&self, context: impl Display) -> usize {
        consistency::check(&self.items(), &context.to_string())
    }

    /// Maximum number of free workspaces of a person: the template's default.
    #[must_use]
    pub const fn free_workspaces(&self) -> FreeWorkspaceLimit {
        FreeWorkspaceLimit(3)
    }

    /// Maximum number of running containers of a person's free workspaces: the template's default.
    #[must_use]
    pub const fn free_containers(&self) -> FreeContainerLimit {
        FreeContainerLimit(1)
    }

    /// Creates a workspace of `founder`, without a limit on their number.
    pub async fn workspace_of(&self, founder: &Person) -> WorkspaceId {
        let wanted = ("Acme".parse().unwrap(), Timezone::default());
        match workspace::create_workspace(
            &self.store(),
            FreeWorkspaceLimit(usize::MAX),
            &founder.caller(),
            wanted,
            None,
        )
        .await
        .unwrap()
        {
            Reply::First(workspace) => workspace.id,
            Reply::Again(_) => panic!("the request had no idempotency key"),
        }
    }

    /// Makes `workspace` a subscriber of `plan` for thirty days from now.
    pub async fn subscribe(&self, workspace: WorkspaceId, plan: Plan) {
        let start = self.clock.now();
        let subscription = Subscription {
            id: "sub_test".to_owned(),
            paid_plan: plan.reference(),
            interval: Interval::Month,
            currency: Some(self.plans.currency()),
            seats: None,
            addons: domain::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            status: Status::Active,
            period: Period { start, end: start + SignedDuration::from_hours(30 * 24) },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            collection_paused: false,
            pending_change: None,
        };
        let customer = Some(format!("cus_{workspace}"));
        let billing = Billing {
            version: 1,
            customer,
            subscription: Some(subscription),
            ordered_by: Some(ANA.id()),
            ..Billing::default()
        };
        let billing = billing.with_next_comparison(start);
        self.store().set_billing(workspace, &billing).await.unwrap();
    }

    /// Gives `workspace` a contract with a runtime of this size, without a subscription.
    pub async fn set_contract(&self, workspace: WorkspaceId, size: Size) {
        let terms = serde_json::json!({"runtime": size});
        let terms: ContractTerms = serde_json::from_value(terms).unwrap();
        let contract = Some(terms.agree(self.plans).unwrap());
        let billing = Billing { version: 1, contract, ..Billing::default() };
        self.store().set_billing(workspace, &billing).await.unwrap();
    }

    /// Creates an invitation of `person` by `inviter`, and returns its id and its token.
    pub async fn invitation(
        &self,
        workspace: WorkspaceId,
        inviter: &Person,
        person: &Person,
        role: Role,
    ) -> (InvitationId, String) {
        let offered = (person.email.parse().unwrap(), role);
        let store = self.store();
        let id = match team::invite_member(&store, &inviter.caller(), workspace, offered, None).await.unwrap() {
            Reply::First(invitation) => invitation.id,
            Reply::Again(_) => panic!("the request had no idempotency key"),
        };
        (id, self.token(workspace, id).await)
    }

    /// Returns the token in the link of an invitation in its current version.
    pub async fn token(&self, workspace: WorkspaceId, id: InvitationId) -> String {
        let scope = system_scope::SystemScope::of(workspace);
        let (_, invitation) = self.store().invitation(&scope, id).await.unwrap().unwrap();
        self.invitation_key().sign(&invitation, self.clock.now()).await.unwrap()
    }

    /// Returns the token in the unsubscribe link of the recipient at `address`.
    pub async fn letter_token(&self, address: &str) -> String {
        let recipient = Recipient::of(&address.parse().unwrap());
        self.invitation_key().sign_letter_link(&recipient, self.clock.now()).await.unwrap()
    }

    /// Invites `person` on behalf of `inviter`. Returns true if that succeeded.
    pub async fn try_invite(&self, workspace: WorkspaceId, inviter: &Person, person: Person, role: Role) -> bool {
        let offered = (person.email.parse().unwrap(), role);
        team::invite_member(&self.store(), &inviter.caller(), workspace, offered, None).await.is_ok()
    }

    /// Makes `person` a member through an invitation of `inviter`.
    pub async fn join(&self, workspace: WorkspaceId, inviter: &Person, person: &Person, role: Role) {
        let (_, token) = self.invitation(workspace, inviter, person, role).await;
        let (store, key) = (self.store(), self.invitation_key());
        team::accept_invitation(
            &store,
            &key,
            &person.caller(),
            PresentedInvitation::Token(token.parse().unwrap()),
            None,
        )
        .await
        .unwrap();
    }

    /// Sets an attribute of an item of `workspace` after the next call of `operation` was executed, before its response
    /// arrives, like a concurrent change that came first. `value` is an attribute value, such as `{"S": "viewer"}`.
    pub fn after(&self, operation: &str, workspace: WorkspaceId, sk: impl Display, attribute: &str, value: Value) {
        let (pk, sk, attribute) = (format!("WS#{workspace}"), sk.to_string(), attribute.to_owned());
        self.net.after(operation, Box::new(move |table| table::set(table, &pk, &sk, &attribute, &value)));
    }

    /// Like [`Self::after`], for the item at `key`.
    pub fn after_at(&self, operation: &str, (pk, sk): (String, String), attribute: &str, value: Value) {
        let attribute = attribute.to_owned();
        self.net.after(operation, Box::new(move |table| table::set(table, &pk, &sk, &attribute, &value)));
    }

    /// Like [`Self::after`], for every item of `workspace` whose sort key begins with `prefix`.
    pub fn after_all(&self, operation: &str, workspace: WorkspaceId, prefix: &str, attribute: &str, value: Value) {
        let (pk, prefix, attribute) = (format!("WS#{workspace}"), prefix.to_owned(), attribute.to_owned());
        self.net.after(operation, Box::new(move |table| table::set_all(table, &pk, &prefix, &attribute, &value)));
    }

    /// Like [`Self::after`], for the time since which one of the workspace's integrations has been failing.
    pub fn after_health(&self, operation: &str, workspace: WorkspaceId, sk: &str, value: Value) {
        let (pk, sk) = (format!("WS#{workspace}#HEALTH"), sk.to_owned());
        self.net.after(operation, Box::new(move |table| table::set(table, &pk, &sk, "since", &value)));
    }

    /// Like [`Self::overwrite`], for every item of `workspace` whose sort key begins with `prefix`.
    pub fn overwrite_all(&self, workspace: WorkspaceId, prefix: &str, attribute: &str, value: Value) {
        table::set_all(self.net.table(), &format!("WS#{workspace}"), prefix, attribute, &value);
    }

    /// Sets an attribute of an item of `workspace`.
    pub fn overwrite(&self, workspace: WorkspaceId, sk: impl Display, attribute: &str, value: Value) {
        table::set(self.net.table(), &format!("WS#{workspace}"), &sk.to_string(), attribute, &value);
    }

    /// Adds `number` members to `workspace` that are copies of `person` with other ids.
    pub fn add_members(&self, workspace: WorkspaceId, person: &Person, number: usize) {
        let (pk, sk) = (format!("WS#{workspace}"), format!("MEMBER#{}", person.id()));
        let others = (0..number).map(|n| UserId::of(super::people::ISSUER, &format!("crowd {n}")));
        table::copy(self.net.table(), &pk, &sk, others.map(|id| format!("MEMBER#{id}")));
    }

    /// Copies the item at `key` to each of these sort keys. The stream does not contain the copies.
    pub fn copy_item(&self, (pk, sk): &(String, String), copies: impl IntoIterator<Item = String>) {
        table::copy(self.net.table(), pk, sk, copies);
    }

    /// Sets an attribute of the item at `key`.
    pub fn overwrite_at(&self, (pk, sk): &(String, String), attribute: &str, value: Value) {
        table::set(self.net.table(), pk, sk, attribute, &value);
    }

    /// Replaces the text `from` with `to` throughout the table, including keys, since the ids in sample events are
    /// fixed.
    pub fn rename(&self, from: impl Display, to: &str) {
        table::rename(self.net.table(), &from.to_string(), to);
    }

    /// Returns the status and body that AWS responds to `body`, sent to `target`, such as `DynamoDB_20120810.Query`, and
    /// `path`. For programs that reach this world through a socket.
    #[must_use]
    pub fn aws(&self, target: &str, path: &str, body: Value) -> (u16, String) {
        self.net.serve(target, target.rsplit('.').next().unwrap_or_default(), path, body)
    }

    /// Rotates the key of invitation tokens to `next`; the current key becomes the previous one.
    pub fn rotate_invitation_key(&self, next: &str) {
        self.net.roll_secret(INVITATION, next);
    }

    /// Rotates the key of runtime tokens to `next`; the current key becomes the previous one.
    pub fn rotate_runtime_key(&self, next: &str) {
        self.net.roll_secret(RUNTIME, next);
    }

    /// Rotates the Stripe API key to `next`; the current key becomes the previous one.
    pub fn rotate_stripe_key(&self, next: &str) {
        self.net.roll_secret(STRIPE, next);
    }

    /// Replaces the stored Stripe API key of the doctor.
    pub fn rotate_stripe_read_key(&self, next: &str) {
        self.net.roll_secret(STRIPE_READ, next);
    }

    /// Rotates the signing secret of Stripe's webhook to `next`; the current secret becomes the previous one.
    pub fn rotate_webhook_secret(&self, next: &str) {
        self.net.roll_secret(WEBHOOK, next);
    }

    /// Replaces the text `from` with `to` in every secret of a customer.
    pub fn overwrite_secret(&self, from: &str, to: &str) {
        self.net.overwrite_secret(from, to);
    }

    /// Advances the clock by `time`.
    pub fn wait(&self, time: SignedDuration) {
        self.clock.advance(time);
    }
}
