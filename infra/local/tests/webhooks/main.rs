//! What Berth signs, verified with the official libraries of Standard Webhooks from their registries. Their versions are in
//! infra/local/requirements.txt and infra/dashboard/package-lock.json.

#![expect(clippy::unwrap_used, reason = "a failure in a test must end it")]

use domain::{
    ids::{EventId, WorkspaceId},
    integrations::{Config, IntegrationNotice, IntegrationType, Subject, reach::Ports, signed_headers, webhook_secret},
    keyring::Keyring,
    secret::Secret,
};
use jiff::Timestamp;
use local::{containers::Node, dashboard::Npm, programs::python, workspace::Workspace};
use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// A message, and the answer that a library must give.
struct Case {
    name: &'static str,
    secret: String,
    /// True if the receiver uses the secret's bytes, as one with a secret from before does.
    raw: bool,
    headers: Vec<(&'static str, String)>,
    body: String,
    verifies: bool,
}

/// The libraries accept messages of the last five minutes only.
fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the libraries read the system's clock")]
    Timestamp::now()
}

fn keyring(secret: &str) -> Keyring {
    Keyring::of(secret.parse().unwrap())
}

/// Signs `body` as a delivery with these keys is.
fn signed(name: &'static str, keys: &Keyring, secret: &str, body: &str) -> Case {
    let headers = signed_headers(keys, "evt_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", body, now()).to_vec();
    Case { name, secret: secret.to_owned(), raw: false, headers, body: body.to_owned(), verifies: true }
}

/// A test message with its real request.
fn request(secret: &str) -> Case {
    let config = json!({"url": "https://hooks.example.com/"});
    let config = Config::read(IntegrationType::Webhook, config.as_object().unwrap(), &Ports::default()).unwrap();
    let at = now();
    let (id, workspace, workspace_name) = (EventId::NIL, WorkspaceId::NIL, "Zoë & Søn 東京".parse().unwrap());
    let notice = IntegrationNotice {
        id,
        at,
        workspace,
        workspace_name,
        subject: Subject::Test,
        plans: testkit::PLANS,
        attached: serde_json::Map::new(),
    };
    let request = config.request(&keyring(secret), &notice, at).unwrap();
    let (headers, body) = (request.headers, request.body);
    Case { name: "a request", secret: secret.to_owned(), raw: false, headers, body, verifies: true }
}

fn cases() -> Vec<Case> {
    let generated = webhook_secret([u128::MAX / 3, 7]);
    let text = "{\"name\":\"Zoë & Søn 東京 🚀\u{301}\",\"tab\":\"\\t\"}";
    // 24 and 64 bytes, the shortest and the longest.
    let (shortest, longest) = (format!("whsec_{}", "+/Az".repeat(8)), format!("whsec_{}Aw==", "Q0fz".repeat(21)));
    for given in [&generated, &shortest, &longest] {
        Config::secret(IntegrationType::Webhook, given).unwrap();
    }
    let rolled = Keyring::rolled(shortest.parse().unwrap(), keyring(&generated), now());
    let before: Secret = "only-they-and-we-know-this0".parse().unwrap();
    let (before, text_of) = (Keyring::of(before.clone()), before.reveal().to_owned());
    let altered = signed("an altered body", &keyring(&generated), &generated, text);
    vec![
        request(&generated),
        signed("a generated secret", &keyring(&generated), &generated, text),
        signed("the shortest secret", &keyring(&shortest), &shortest, text),
        signed("the longest secret", &keyring(&longest), &longest, text),
        signed("the new secret of two", &rolled, &shortest, text),
        signed("the previous secret of two", &rolled, &generated, text),
        Case { raw: true, ..signed("a secret from before, as bytes", &before, &text_of, text) },
        Case { verifies: false, ..signed("another secret", &keyring(&shortest), &generated, text) },
        Case { body: altered.body.replace('ë', "e"), verifies: false, ..altered },
    ]
}

/// Asserts that `program` answers for each case as it must.
#[track_caller]
fn check(program: &mut Command, script: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webhooks").join(script);
    let cases = cases();
    let message = |case: &Case| {
        let headers: serde_json::Map<_, _> =
            case.headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        json!({"secret": case.secret, "raw": case.raw, "headers": headers, "body": case.body})
    };
    let messages = Value::from(cases.iter().map(message).collect::<Vec<_>>()).to_string();
    let mut child = program.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(messages.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answers: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    let wanted: Vec<_> = cases.iter().map(|case| (case.name, case.verifies)).collect();
    assert_eq!(cases.iter().map(|case| case.name).zip(answers).collect::<Vec<_>>(), wanted);
}

#[test]
fn the_python_library_verifies_deliveries() {
    let workspace = Workspace::find().unwrap();
    check(&mut Command::new(python::environment(&workspace.root, &workspace.target).unwrap()), "verify.py");
}

#[test]
fn the_javascript_library_verifies_deliveries() {
    let workspace = Workspace::find().unwrap();
    Npm::find().unwrap().install(&workspace).unwrap();
    let mut node = Command::new(Node::find().unwrap().0);
    check(node.env("NODE_PATH", workspace.root.join("infra/dashboard/node_modules")), "verify.cjs");
}
