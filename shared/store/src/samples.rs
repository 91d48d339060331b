//! Items as deployed tables hold them: `samples/table` has one file for each type, with one sample of each shape.
//!
//! Samples are never edited: deployed tables hold such items for years. A new shape adds a sample. The files in `read`
//! hold the values that the code reads from each sample. `UPDATE_EXPECT=1` rewrites them after a type was renamed;
//! their values must stay the same.

use crate::{
    Corrupt, accounts, api_keys, audit, billing,
    billing::comparison,
    bounds::{budgets, paces},
    integrations::{deliveries, health, incidents, orphans, records as integrations},
    live::connections,
    notifications::{items, letters, notices, preferences, published, recipients, sent_letters, windows},
    outbox,
    partitions::ItemKind,
    runtime::{heartbeats, runtimes},
    table::{
        idempotency,
        item::{Item, Stored, decode},
    },
    team::{addresses, invitations, members, memberships, profiles, revocations},
    usage,
    workspace::{allowances, counters, deletions, users, workspaces},
};
use domain::{
    audit::record::AuditAction,
    billing::{intent, subscription},
    command::Fingerprint,
    doctor,
    identity::access::Role,
    identity::profile::Language,
    integrations::{IntegrationType, Occurrence, delivery, orphan},
    notifications::{happening::Happening, shelf::NotificationType},
    outbox::{DeliverMessage, MailMessage, RuntimeMessage},
    runtime::{reconcile, record as runtime_record},
    team::{invitation, member::MemberStatus},
    usage::Direction,
};
use expect_test::expect_file;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    any::type_name,
    collections::BTreeSet,
    fmt::{Debug, Write},
    fs,
    path::{Path, PathBuf},
};

type Read = Box<dyn Fn(&Item) -> Result<String, Corrupt>>;

/// A stored type, with the function that reads its items.
struct Kind {
    /// The type that implements [`Stored`].
    stored: &'static str,
    name: &'static str,
    version: u32,
    read: Read,
}

fn kind<S: Stored, T: Debug>(parse: impl Fn(&Item) -> Result<T, Corrupt> + 'static) -> Kind {
    Kind {
        stored: type_name::<S>().rsplit("::").next().unwrap(),
        name: S::TYPE,
        version: S::VERSION,
        read: Box::new(move |item| parse(item).map(|read| format!("{read:#?}"))),
    }
}

/// Describes a type whose fields are read one by one.
fn fields<S: Stored>() -> Kind {
    kind::<S, _>(|item| decode::<S>(item).map(|stored| serde_json::to_value(stored).unwrap()))
}

fn answer(item: &Item) -> Result<String, Corrupt> {
    let body = item["body"].as_s().unwrap().clone();
    let command = Fingerprint { command: String::new(), body };
    match idempotency::answer::<()>(item, &command, Timestamp::UNIX_EPOCH) {
        Ok(answer) => Ok(format!("{answer:?}")),
        Err(crate::Error::InProgress) => Ok("under way".to_owned()),
        Err(error) => panic!("{error}"),
    }
}

fn kinds() -> Vec<Kind> {
    vec![
        kind::<accounts::StoredAccountDeletion, _>(accounts::parse),
        kind::<addresses::StoredAddress, _>(addresses::parse),
        kind::<api_keys::records::StoredKey, _>(api_keys::records::parse),
        kind::<api_keys::spending::StoredKeySpending, _>(api_keys::spending::parse),
        kind::<api_keys::uses::StoredKeyUse, _>(api_keys::uses::parse),
        kind::<allowances::StoredAllowance, _>(allowances::parse),
        kind::<audit::records::StoredRecord, _>(audit::records::parse_stored),
        kind::<audit::head::StoredHead, _>(audit::head::parse),
        kind::<audit::linking::StoredLinking, _>(audit::linking::parse),
        kind::<audit::checkpoints::StoredCheckpoint, _>(audit::checkpoints::parse),
        kind::<billing::account::StoredBilling, _>(|item| billing::parse(Some(item))),
        kind::<billing::intents::StoredIntent, _>(billing::intents::parse),
        kind::<billing::seats::StoredSeatCheck, _>(billing::seats::parse),
        kind::<comparison::StoredComparison, _>(comparison::parse),
        kind::<deletions::StoredDeletion, _>(deletions::parse),
        kind::<deliveries::StoredDelivery, _>(deliveries::parse),
        kind::<incidents::StoredIncident, _>(incidents::parse),
        kind::<health::StoredFailing, _>(health::parse_failing),
        kind::<health::StoredHealth, _>(health::parse),
        kind::<heartbeats::StoredHeartbeat, _>(heartbeats::parse),
        kind::<idempotency::StoredCommand, _>(answer),
        kind::<integrations::StoredIntegration, _>(integrations::parse),
        kind::<invitations::StoredInvitation, _>(invitations::parse),
        kind::<items::StoredInbox, _>(items::parse_head),
        kind::<items::StoredNotification, _>(items::parse),
        kind::<letters::StoredDeferral, _>(letters::parse),
        kind::<connections::StoredConnection, _>(connections::parse),
        kind::<windows::StoredWindow, _>(windows::parse),
        kind::<members::StoredMember, _>(members::parse),
        kind::<memberships::StoredMembership, _>(memberships::parse_note),
        kind::<notices::StoredNotice, _>(notices::parse),
        kind::<orphans::StoredOrphan, _>(orphans::parse),
        kind::<outbox::StoredMessage, _>(outbox::parse),
        kind::<paces::StoredPace, _>(paces::taken_until),
        kind::<preferences::StoredPreferences, _>(preferences::parse),
        kind::<published::StoredPublication, _>(published::parse),
        kind::<profiles::StoredProfile, _>(profiles::parse),
        kind::<revocations::StoredRevocation, _>(revocations::parse),
        kind::<runtimes::StoredRuntime, _>(|item| Ok(runtimes::parse(item)?.resolved(testkit::PLANS))),
        kind::<usage::shards::StoredShard, _>(usage::shards::parse),
        kind::<usage::keyed::StoredKey, _>(usage::keyed::parse),
        kind::<users::StoredUser, _>(users::parse),
        kind::<workspaces::StoredWorkspace, _>(workspaces::parse),
        fields::<billing::events::StoredEvent>(),
        fields::<counters::StoredRepairs>(),
        fields::<budgets::StoredBudget>(),
        fields::<recipients::StoredDay>(),
        fields::<recipients::StoredReturn>(),
        fields::<recipients::StoredStop>(),
        fields::<sent_letters::StoredLetter>(),
    ]
}

#[derive(Deserialize)]
struct Sample {
    sample: String,
    item: serde_dynamo::Item,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/table")
}

fn file_of(kind: &str) -> String {
    kind.replace(' ', "_")
}

fn samples(kind: &str) -> Vec<(String, Item)> {
    let path = folder().join(file_of(kind)).with_extension("json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let samples: Vec<Sample> = serde_json::from_str(&text).unwrap();
    samples.into_iter().map(|Sample { sample, item }| (sample, item.into())).collect()
}

/// Returns the texts at `path` in the samples of `kind`.
fn texts(kind: &str, path: &str) -> BTreeSet<String> {
    let plain = samples(kind).into_iter().map(|(_, item)| serde_dynamo::from_item::<_, Value>(item).unwrap());
    plain.filter_map(|item| item.pointer(path)?.as_str().map(ToOwned::to_owned)).collect()
}

/// Returns the names of the variants of `T`, as its deserializer lists them for `unknown`, which has the name `?`.
fn variants<T: for<'de> Deserialize<'de> + Debug>(unknown: Value) -> BTreeSet<String> {
    let error = serde_json::from_value::<T>(unknown).unwrap_err().to_string();
    let (_, names) = error.split_once("`?`, expected ").unwrap_or_else(|| panic!("{error}"));
    names.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

#[test]
fn stored_samples_keep_their_values() {
    for kind in kinds() {
        let mut read = String::new();
        for (name, item) in samples(kind.name) {
            let text = (kind.read)(&item).unwrap_or_else(|error| panic!("{}: {name}: {error}", kind.name));
            writeln!(read, "{name}\n{text}\n").unwrap();
        }
        expect_file![folder().join("read").join(file_of(kind.name)).with_extension("txt")].assert_eq(&read);
    }
}

#[test]
fn every_stored_type_and_version_has_a_sample() {
    let (mut sources, mut folders) = (String::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources += &fs::read_to_string(path).unwrap();
            }
        }
    }
    let implementations = sources.split("\nimpl Stored for ").skip(1);
    let stored: BTreeSet<_> = implementations.map(|rest| rest.split_whitespace().next().unwrap()).collect();
    assert_eq!(stored, kinds().iter().map(|kind| kind.stored).collect(), "each type is listed in `kinds`");

    let registered: BTreeSet<_> = ItemKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(registered, kinds().iter().map(|kind| kind.name).collect(), "each registered kind is stored");

    for kind in kinds() {
        let mut names = BTreeSet::new();
        let mut versions = BTreeSet::new();
        for (name, item) in samples(kind.name) {
            assert_eq!(item["_type"].as_s().unwrap(), kind.name, "{name}");
            let [pk, sk] = ["pk", "sk"].map(|attribute| item[attribute].as_s().unwrap().as_str());
            assert_eq!(ItemKind::at(pk, sk).map(ItemKind::name), Some(kind.name), "{name}: {pk} | {sk}");
            versions.insert(item["_v"].as_n().unwrap().parse::<u32>().unwrap());
            assert!(names.insert(name.clone()), "two samples of {} are called {name}", kind.name);
        }
        assert_eq!(versions, (1..=kind.version).collect(), "versions of {}", kind.name);
    }
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file()).map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(files.collect::<BTreeSet<_>>(), kinds().iter().map(|kind| file_of(kind.name)).collect());
}

/// Enums whose variants are stored differently have a sample of each variant.
#[test]
fn every_stored_variant_has_a_sample() {
    let mut missing = Vec::new();
    let (bare, in_kind, in_status) = (|| json!("?"), || json!({"kind": "?"}), || json!({"status": "?"}));
    let happening = || json!({"event": "?", "facts": {}});
    let messages = [
        variants::<MailMessage>(in_kind()),
        variants::<RuntimeMessage>(in_kind()),
        variants::<DeliverMessage>(in_kind()),
    ];
    // Earlier versions counted API keys by consumption.
    let counted =
        testkit::PLANS.consumed().map(|meter| meter.name.to_string()).chain(["api_keys".to_owned()]).collect();
    for (kind, path, expected) in [
        ("address", "/holder", variants::<doctor::Holder>(json!({"holder": "?"}))),
        ("audit", "/action", variants::<AuditAction>(bare())),
        ("billing", "/subscription/first_payment", variants::<subscription::FirstPayment>(bare())),
        ("billing", "/subscription/status", variants::<subscription::Status>(bare())),
        ("comparison", "/part", variants::<domain::billing::comparison::ComparisonPart>(bare())),
        ("delivery", "/occurrence/type", variants::<Occurrence>(json!({"type": "?", "facts": {}}))),
        ("delivery", "/state/status", variants::<delivery::DeliveryStatus>(in_status())),
        ("integration", "/state/cause", variants::<domain::integrations::Cause>(bare())),
        ("integration", "/state/status", variants::<domain::integrations::IntegrationState>(in_status())),
        ("intent", "/order/aim/kind", variants::<intent::Aim>(in_kind())),
        ("intent", "/order/kind", variants::<intent::Order>(in_kind())),
        ("invitation", "/delivery", variants::<invitation::LetterState>(bare())),
        ("invitation", "/refusal", variants::<invitation::LetterRefusal>(bare())),
        ("invitation", "/returned", variants::<invitation::Returned>(bare())),
        ("invitation", "/role", variants::<Role>(bare())),
        ("member", "/role", variants::<Role>(bare())),
        ("member", "/status", variants::<MemberStatus>(bare())),
        ("membership", "/role", variants::<Role>(bare())),
        ("notice", "/happening/event", variants::<Happening>(happening())),
        ("letters_returned", "/reason", variants::<invitation::Returned>(bare())),
        ("notification", "/audience", variants::<Role>(bare())),
        ("notification", "/happening/event", variants::<Happening>(happening())),
        ("notification", "/type", variants::<NotificationType>(bare())),
        ("orphan", "/fate", variants::<orphan::OrphanState>(bare())),
        ("outbox", "/message/kind", messages.into_iter().flatten().collect()),
        ("profile", "/language", variants::<Language>(bare())),
        ("runtime", "/last_stop_reason", variants::<runtime_record::StopReason>(bare())),
        ("runtime", "/launch/outcome/is", variants::<reconcile::LaunchOutcome>(json!({"is": "?"}))),
        ("runtime", "/state/status", variants::<runtime_record::RuntimeState>(in_status())),
        ("runtime", "/wish", variants::<runtime_record::Wish>(bare())),
        ("usage key", "/direction", variants::<Direction>(bare())),
        ("usage key", "/meter", counted),
    ] {
        let sampled = texts(kind, path);
        if sampled != expected {
            missing.push(format!("{kind}{path}: sampled {sampled:?}, expected {expected:?}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let types: BTreeSet<_> = IntegrationType::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    assert_eq!(texts("delivery", "/integration"), types);
    let set_up = texts("integration", "/sk");
    assert_eq!(set_up, types.iter().map(|kind| format!("INTEGRATION#{kind}")).collect());
}

/// The digests of the samples were computed by another program, from docs/audit-format.md.
#[test]
fn sampled_audit_records_have_their_digests() {
    let linked = samples("audit").into_iter().filter_map(|(name, item)| {
        let workspace = crate::table::keys::workspace_of(&item).unwrap();
        Some((name, workspace, audit::records::parse_stored(&item).unwrap().linked()?))
    });
    let linked: Vec<_> = linked.filter(|(name, ..)| name != "audit.began").collect();
    assert_eq!(linked.len(), 3);
    for (name, workspace, record) in linked {
        assert_eq!(record.found_digest(workspace), record.digest, "{name}");
    }
}
