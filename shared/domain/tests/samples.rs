//! Checks that the code still reads messages and tokens held by deployed stacks: in queues, e-mails, the environments
//! of containers, and Secrets Manager.
//!
//! Samples are never edited, because queues, mailboxes and running containers hold them; a new shape adds a sample. The
//! folder `read` stores the values that the code reads from each. `UPDATE_EXPECT=1` rewrites it after a type was
//! renamed; the values must stay the same.
#![cfg(test)]

use domain::{
    billing::{notice::BillingNoticeKind, stripe::event::Hint},
    integrations::Occurrence,
    keyring::Keyring,
    outbox::{DeliverMessage, MailMessage, Message, RuntimeMessage},
    secret::Secret,
    team::invitation_token::TokenKey,
};
use expect_test::expect_file;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fmt::{Debug, Write},
    fs,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
struct Sample {
    sample: String,
    body: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

fn read(file: &str) -> String {
    let path = folder().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn messages(file: &str) -> Vec<Sample> {
    serde_json::from_str(&read(&format!("messages/{file}.json"))).unwrap()
}

/// Returns the kinds of messages that the consumer of each queue of the outbox reads.
fn kinds() -> [BTreeSet<String>; 3] {
    let unknown = || json!({"kind": "?"});
    [variants::<MailMessage>(unknown()), variants::<RuntimeMessage>(unknown()), variants::<DeliverMessage>(unknown())]
}

/// Lists the names that `T` accepts where `unknown` has the name `?`, as given in its deserializer's error.
fn variants<T: for<'de> Deserialize<'de> + Debug>(unknown: Value) -> BTreeSet<String> {
    let error = serde_json::from_value::<T>(unknown).unwrap_err().to_string();
    let (_, names) = error.split_once("`?`, expected ").unwrap_or_else(|| panic!("{error}"));
    names.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// Reads every sample of `file` as a `T`.
fn meanings<T: for<'de> Deserialize<'de> + Debug>(file: &str) -> Vec<T> {
    let mut text = String::new();
    let read = messages(file).into_iter().map(|Sample { sample, body }| {
        let read: T = serde_json::from_value(body).unwrap_or_else(|error| panic!("{file}: {sample}: {error}"));
        writeln!(text, "{sample}\n{read:#?}\n").unwrap();
        read
    });
    let read = read.collect();
    expect_file![folder().join(format!("messages/read/{file}.txt"))].assert_eq(&text);
    read
}

/// Reads every sample of each kind in `kinds` as a `T`, and from the outbox, and as no message of another queue.
fn check_queue<T, A, B>(kinds: BTreeSet<String>)
where
    T: for<'de> Deserialize<'de> + Debug + Into<Message>,
    A: for<'de> Deserialize<'de>,
    B: for<'de> Deserialize<'de>,
{
    for kind in kinds {
        let read = meanings::<T>(&kind);
        assert!(!read.is_empty(), "{kind} has no sample");
        for (message, Sample { sample, body }) in read.into_iter().zip(messages(&kind)) {
            let message: Message = message.into();
            let stored: Message = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(stored, message, "{kind}: {sample}: the outbox reads it as its queue does");
            assert_eq!(serde_json::to_value(&message).unwrap()["kind"], kind, "{sample}");
            assert!(serde_json::from_value::<A>(body.clone()).is_err(), "{kind}: {sample}");
            assert!(serde_json::from_value::<B>(body).is_err(), "{kind}: {sample}");
        }
    }
}

#[test]
fn queued_messages_are_still_read() {
    let [mail, runtime, deliver] = kinds();
    check_queue::<MailMessage, RuntimeMessage, DeliverMessage>(mail);
    check_queue::<RuntimeMessage, DeliverMessage, MailMessage>(runtime);
    check_queue::<DeliverMessage, MailMessage, RuntimeMessage>(deliver);
    assert!(!meanings::<Hint>("stripe_event").is_empty());
}

#[test]
fn every_variant_of_a_message_has_a_sample() {
    let files = fs::read_dir(folder().join("messages")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file()).map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let mut expected: BTreeSet<_> = kinds().into_iter().flatten().collect();
    expected.insert("stripe_event".to_owned());
    assert_eq!(files.collect::<BTreeSet<_>>(), expected);
    for (file, path, expected) in [
        ("event", "/occurrence/type", variants::<Occurrence>(json!({"type": "?", "facts": {}}))),
        ("billing_mail", "/notice", variants::<BillingNoticeKind>(json!("?"))),
    ] {
        let names = messages(file)
            .into_iter()
            .map(|Sample { body, .. }| body.pointer(path).unwrap().as_str().unwrap().to_owned());
        assert_eq!(names.collect::<BTreeSet<_>>(), expected, "{file}{path}");
    }
}

#[derive(Deserialize)]
struct Tokens {
    key: String,
    invitation: String,
    runtime: String,
    letter_link: String,
    webhook_secret: String,
    rolled_webhook_secret: String,
}

#[test]
fn issued_tokens_still_have_their_meaning() {
    let tokens: Tokens = serde_json::from_str(&read("tokens.json")).unwrap();
    let key = TokenKey::new(tokens.key).unwrap();
    let secrets = [tokens.webhook_secret, tokens.rolled_webhook_secret].map(|kept| {
        let keyring = Keyring::parse(&kept).unwrap();
        let used =
            |at: &str| keyring.at(at.parse().unwrap()).map(Secret::reveal).map(ToOwned::to_owned).collect::<Vec<_>>();
        (used("2026-11-01T12:00:00Z"), used("2026-11-03T12:00:00Z"))
    });
    let text = format!(
        "invitation {:#?}\nruntime {:#?}\nletter link {}\nsecrets on the day of a roll and two days later {secrets:#?}\n",
        key.read(&tokens.invitation),
        key.read_runtime(&tokens.runtime).unwrap(),
        key.read_letter_link(&tokens.letter_link).unwrap().recipient().digest(),
    );
    expect_file![folder().join("tokens.txt")].assert_eq(&text);
}
