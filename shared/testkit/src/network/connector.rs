//! The network of the test world: a connector from the SDK's requests to the embedded table and to stand-ins.

use super::{
    crash::{Crash, Moment},
    faults::{Chances, Fault, Faults},
};
use crate::{
    clock::ManualClock,
    log::canary::Canaries,
    services::{
        cluster::Cluster,
        queues::{FifoMessage, QueuedMessage, Queues},
        secrets::{Secrets, StoredSecret},
        sockets::Connections,
        vault::{self, Vault},
    },
    table,
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use dynoxide::Database;
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

/// An e-mail accepted by the stand-in for SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Address of the recipient.
    pub to: String,
    /// Addresses that answers go to.
    pub reply_to: Value,
    /// Subject line.
    pub subject: String,
    /// Body as plain text.
    pub text: String,
    /// Body as HTML.
    pub html: String,
    /// Additional headers: names and values.
    pub headers: Value,
    /// Configuration set, and the tags stored by SES.
    pub tags: Value,
}

#[derive(Debug, Clone)]
pub(crate) struct Net(Arc<Inner>);

struct Inner {
    table: Database,
    canaries: Canaries,
    state: Mutex<State>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Net")
    }
}

struct State {
    faults: Faults,
    rng: fastrand::Rng,
    delays: bool,
    calls: BTreeMap<String, u32>,
    queues: Queues,
    named: BTreeSet<(String, String)>,
    letters: Vec<Letter>,
    refused: BTreeMap<String, (&'static str, String)>,
    secrets: Secrets,
    hooks: Vec<(String, Hook)>,
    cluster: Cluster,
    connections: Connections,
    vault: Vault,
    crash: Option<Crash>,
}

/// A change of the table without any call of the API.
type Hook = Box<dyn FnOnce(&Database) + Send>;

impl Net {
    pub(crate) fn new(clock: &ManualClock, canaries: Canaries, seed: u64, delays: bool) -> Self {
        let table = Database::memory_with_clock(Arc::new(clock.clone())).unwrap();
        table::create(&table);
        let state = State {
            faults: Faults::default(),
            rng: fastrand::Rng::with_seed(seed),
            delays,
            calls: BTreeMap::new(),
            queues: Queues::new(clock.clone()),
            named: BTreeSet::new(),
            letters: Vec::new(),
            refused: BTreeMap::new(),
            secrets: Secrets::default(),
            hooks: Vec::new(),
            cluster: Cluster::new(clock.clone()),
            connections: Connections::default(),
            vault: Vault::default(),
            crash: None,
        };
        Self(Arc::new(Inner { table, canaries, state: Mutex::new(state) }))
    }

    pub(crate) fn table(&self) -> &Database {
        &self.0.table
    }

    pub(crate) fn plan(&self, operation: &str, fault: Fault) {
        self.state(|state| state.faults.plan(operation, fault));
    }

    pub(crate) fn forget_plans(&self) {
        self.state(|state| state.faults.forget_plans());
    }

    pub(crate) fn after(&self, operation: &str, hook: Hook) {
        self.state(|state| state.hooks.push((operation.to_owned(), hook)));
    }

    pub(crate) fn set_chances(&self, chances: Option<Chances>) {
        self.state(|state| state.faults.set_chances(chances));
    }

    pub(crate) fn take_calls(&self) -> BTreeMap<String, u32> {
        self.state(|state| std::mem::take(&mut state.calls))
    }

    pub(crate) fn take_named(&self) -> BTreeSet<(String, String)> {
        self.state(|state| std::mem::take(&mut state.named))
    }

    pub(crate) fn take_queued(&self) -> Vec<Value> {
        self.take_messages().into_iter().map(|message| message.body).collect()
    }

    pub(crate) fn take_messages(&self) -> Vec<QueuedMessage> {
        self.state(|state| state.queues.take())
    }

    pub(crate) fn take_queued_in_order(&self) -> Vec<FifoMessage> {
        self.state(|state| state.queues.take_in_order())
    }

    pub(crate) fn add_dead_letter(&self, queue: &str, body: String) {
        self.state(|state| state.queues.dead().add(queue, body));
    }

    pub(crate) fn finish_redrives(&self) -> Vec<(String, String)> {
        self.state(|state| state.queues.dead().finish())
    }

    pub(crate) fn fail_redrive(&self, queue: &str, reason: &str) {
        self.state(|state| state.queues.dead().fail(queue, reason));
    }

    pub(crate) fn deny_dead_letters(&self, queue: &str) {
        self.state(|state| state.queues.dead().deny(queue));
    }

    pub(crate) fn take_letters(&self) -> Vec<Letter> {
        self.state(|state| std::mem::take(&mut state.letters))
    }

    pub(crate) fn refuse_letters_to(&self, address: &str, code: &'static str, message: &str) {
        self.state(|state| state.refused.insert(address.to_owned(), (code, message.to_owned())));
    }

    pub(crate) fn cluster<T>(&self, look: impl FnOnce(&mut Cluster) -> T) -> T {
        self.state(|state| look(&mut state.cluster))
    }

    pub(crate) fn connections<T>(&self, look: impl FnOnce(&mut Connections) -> T) -> T {
        self.state(|state| look(&mut state.connections))
    }

    pub(crate) fn objects(&self) -> Vec<(String, String)> {
        self.state(|state| state.vault.objects())
    }

    pub(crate) fn set_crash(&self, crash: Option<Crash>) {
        self.state(|state| state.crash = crash);
    }

    /// Never returns if the process crashes at this moment.
    async fn live_through(&self, moment: Moment) {
        if self.state(|state| state.crash.as_mut().is_some_and(|crash| crash.comes(moment))) {
            std::future::pending().await
        }
    }

    pub(crate) fn secrets(&self) -> BTreeMap<String, StoredSecret> {
        self.state(|state| state.secrets.of_customers())
    }

    fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.state.lock().unwrap())
    }

    /// Waits a random virtual time. Futures that complete immediately would hide every race.
    async fn delay(&self) {
        match self.state(|state| state.delays.then(|| state.rng.u64(0..20))) {
            Some(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
            // Lets requests that are awaited together run concurrently, as on a network.
            None => tokio::task::yield_now().await,
        }
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let header = |name: &str| request.headers().get(name);
        let target = target(request.method(), request.uri(), header("x-amz-target")).to_owned();
        let body = parameters(&target, header, request.body().bytes().unwrap_or_default());
        let path = request.uri().split('?').next().unwrap_or_default().to_owned();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        if !target.starts_with("secretsmanager.") {
            self.0.canaries.search(&format!("a request of {operation}"), &body.to_string());
        }
        let fault = self.state(|state| {
            *state.calls.entry(operation.clone()).or_default() += 1;
            state.named.extend(named(&body));
            state.faults.next(&operation, &mut state.rng)
        });
        self.delay().await;
        self.live_through(Moment::Before).await;
        let (status, answer) = match fault {
            Some(Fault::LoseRequest) => return Err(ConnectorError::io("the connection broke".into())),
            Some(Fault::TimeOut) => return Err(ConnectorError::timeout("no answer".into())),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Throttle) if target.starts_with("S3.") => vault::refusal(503, "SlowDown"),
            Some(Fault::ServerError) if target.starts_with("S3.") => vault::refusal(500, "InternalError"),
            Some(Fault::Throttle) => error(400, "ThrottlingException"),
            Some(Fault::ServerError) => error(500, "InternalServerError"),
            Some(Fault::InProgress) => error(400, "TransactionInProgressException"),
            Some(Fault::Conflict) if operation == "TransactWriteItems" => conflict(&body),
            Some(Fault::Conflict) if ["DeleteItem", "PutItem", "UpdateItem"].contains(&operation.as_str()) => {
                error(400, "TransactionConflictException")
            }
            Some(Fault::Pass | Fault::Conflict | Fault::LoseReply) | None => {
                self.serve(&target, &operation, &path, body)
            }
        };
        for hook in self.take_hooks(&operation) {
            hook(&self.0.table);
        }
        self.live_through(Moment::After).await;
        self.delay().await;
        if fault == Some(Fault::LoseReply) {
            return Err(ConnectorError::io("the connection broke".into()));
        }
        // The body is streamed, as on a network. The SDK would log a body that is in memory.
        let answer = SdkBody::from_body_1_x(Full::<Bytes>::from(answer));
        Ok(HttpResponse::new(StatusCode::try_from(status).unwrap(), answer))
    }

    pub(crate) fn roll_secret(&self, name: &str, next: &str) {
        self.state(|state| state.secrets.roll(name, next));
    }

    pub(crate) fn lose_secrets(&self) {
        self.state(|state| state.secrets.lose());
    }

    pub(crate) fn overwrite_secret(&self, from: &str, to: &str) {
        self.state(|state| state.secrets.overwrite(from, to));
    }

    fn take_hooks(&self, operation: &str) -> Vec<Hook> {
        self.state(|state| {
            let (now, later) =
                std::mem::take(&mut state.hooks).into_iter().partition(|(awaited, _)| awaited == operation);
            state.hooks = later;
            let now: Vec<(String, Hook)> = now;
            now.into_iter().map(|(_, hook)| hook).collect()
        })
    }

    pub(crate) fn serve(&self, target: &str, operation: &str, path: &str, body: Value) -> (u16, String) {
        match target.split('.').next() {
            Some("DynamoDB_20120810") => table::call(&self.0.table, operation, body),
            Some("secretsmanager") => self.state(|state| state.secrets.call(operation, &body)),
            Some("execute-api") => self.connections(|connections| connections.call(operation, path, body)),
            Some("TrentService") => vault::sign(&body),
            Some("S3") => self.state(|state| state.vault.put(path, &body)),
            Some("AmazonSQS") => self.state(|state| state.queues.call(operation, &body)),
            Some("AmazonEC2ContainerServiceV20141113") => self.cluster(|cluster| cluster.call(operation, &body)),
            Some("SES") => {
                let to = body["Destination"]["ToAddresses"][0].as_str().unwrap().to_owned();
                if let Some((code, message)) = self.state(|state| state.refused.get(&to).cloned()) {
                    return (400, json!({"__type": code, "message": message}).to_string());
                }
                let subject = body["Content"]["Simple"]["Subject"]["Data"].as_str().unwrap().to_owned();
                let headers = body["Content"]["Simple"]["Headers"].clone();
                let text = body["Content"]["Simple"]["Body"]["Text"]["Data"].as_str().unwrap().to_owned();
                let html = body["Content"]["Simple"]["Body"]["Html"]["Data"].as_str().unwrap().to_owned();
                let tags = json!([body["ConfigurationSetName"], body["EmailTags"]]);
                let reply_to = body["ReplyToAddresses"].clone();
                let letter = Letter { to, reply_to, subject, text, html, headers, tags };
                self.state(|state| state.letters.push(letter));
                (200, json!({"MessageId": "m"}).to_string())
            }
            other => panic!("no stand-in answers {other:?}"),
        }
    }
}

/// Returns the service and operation of a call. Those of S3, of SES and of WebSocket connections have no `header` that names
/// them.
#[must_use]
pub fn target<'a>(method: &str, uri: &str, header: Option<&'a str>) -> &'a str {
    match (header, uri.contains("/@connections/") || uri.contains("/%40connections/"), method) {
        (Some(named), ..) => named,
        (None, true, "POST") => "execute-api.PostToConnection",
        (None, true, "DELETE") => "execute-api.DeleteConnection",
        (None, true, other) => panic!("no call for connections is a {other}"),
        (None, false, "PUT") => "S3.PutObject",
        (None, false, _) => "SES.SendEmail",
    }
}

/// Returns the parameters of a call. They are a body in JSON, except those of S3: headers, and an object as the body.
#[must_use]
pub fn parameters<'a>(target: &str, header: impl Fn(&str) -> Option<&'a str>, body: &[u8]) -> Value {
    match target {
        "S3.PutObject" => json!({
            "Body": String::from_utf8_lossy(body),
            "ContentType": header("content-type"),
            "ChecksumSHA256": header("x-amz-checksum-sha256"),
        }),
        _ => serde_json::from_slice(body).unwrap_or_default(),
    }
}

/// Returns the keys that a transaction names.
fn named(body: &Value) -> impl Iterator<Item = (String, String)> {
    let actions = body["TransactItems"].as_array().into_iter().flatten();
    let actions = actions.flat_map(|action| action.as_object().into_iter().flat_map(serde_json::Map::values));
    actions.filter_map(|action| {
        let key = action.get("Key").or_else(|| action.get("Item"))?;
        Some((key["pk"]["S"].as_str()?.to_owned(), key["sk"]["S"].as_str()?.to_owned()))
    })
}

fn error(status: u16, code: &str) -> (u16, String) {
    (status, json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "injected"}).to_string())
}

/// Returns the response to a transaction that conflicts with another one.
fn conflict(body: &Value) -> (u16, String) {
    let others = body["TransactItems"].as_array().map_or(0, Vec::len).saturating_sub(1);
    let mut reasons = vec![json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"})];
    reasons.extend((0..others).map(|_| json!({"Code": "None"})));
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "injected",
        "CancellationReasons": reasons,
    });
    (400, body.to_string())
}

impl HttpConnector for Net {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

impl HttpClient for Net {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
