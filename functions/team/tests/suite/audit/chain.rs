//! Parallel changes of one workspace, with faults and crashes: their records are one chain.

use super::log::{Log, RECORDS, Verified, problems};
use domain::identity::{access::Role, origin::Origin};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::team::change_role;
use std::{collections::BTreeMap, time::Duration};
use testkit::{ANA, BEN, CLEO, Chances, Fault, Person, Request, World};
use tokio::time::{Instant, sleep, timeout};

/// The requests of a test by their ids: true if the answer was a success, false if the outcome is unknown.
type Outcomes = BTreeMap<String, bool>;

/// Returns a person who is not in the world yet.
fn person(name: &str) -> Person {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (subject, email) = (leak(name.to_owned()), leak(format!("{name}@example.com")));
    Person { subject, email, name: "Guest", verified: true }
}

/// Returns a workspace of Ana's with these members.
async fn team(world: World, members: &[Person]) -> Log {
    let log = Log::of(world).await;
    for member in members {
        log.world.join(log.id, &ANA, member, Role::Member).await;
    }
    log
}

/// Gives `member` one role after another, `changes` times on behalf of `actor`. With `crashes`, some requests end midway.
async fn change_roles(log: &Log, actor: &Person, member: &Person, changes: usize, crashes: bool) -> Outcomes {
    let (store, rules) = (log.world.store(), log.world.claim_rules());
    let mut rng = fastrand::Rng::with_seed(u64::from(member.subject.bytes().map(u32::from).sum::<u32>()));
    let (mut outcomes, mut role) = (Outcomes::new(), Role::Member);
    let claims = actor.claims();
    let claims = claims.as_object().unwrap().iter();
    let claims = claims.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    for number in 0..changes {
        let request_id = format!("{}-{number}", member.subject);
        let caller = rules.caller(&claims, Origin { request_id: request_id.clone(), ip_address: None }).unwrap();
        let next = if role == Role::Member { Role::Viewer } else { Role::Member };
        let work = change_role(&store, &caller, log.id, (member.id(), next));
        let patience = if crashes && rng.u8(..10) == 0 { rng.u64(..2000) } else { 600_000 };
        let is_done = matches!(timeout(Duration::from_millis(patience), work).await, Ok(Ok(_)));
        role = if is_done { next } else { stored_role(log, member) };
        outcomes.insert(request_id, is_done);
    }
    outcomes
}

fn stored_role(log: &Log, member: &Person) -> Role {
    let seat = log.item(&(format!("WS#{}", log.id), format!("MEMBER#{}", member.id())));
    serde_json::from_value(seat["role"]["S"].clone()).unwrap()
}

/// Asserts that the records of `log` are one chain that ends with its head. Returns the number of records.
#[track_caller]
fn assert_chain(log: &Log, context: &str) -> u64 {
    let items = log.world.items();
    let partition = log.key("").0;
    let (mut number, mut previous) = (0, json!("A".repeat(43)));
    let mut last = String::new();
    for ((_, id), record) in items.iter().filter(|((pk, _), _)| *pk == partition) {
        let place = &record["place"];
        number += 1;
        assert_eq!(
            (&place["sequence"], &place["number"], &place["previous"]),
            (&json!("log"), &json!(number), &previous),
            "{context}: {id} is in the order of ids"
        );
        previous = place["digest"].clone();
        last.clone_from(id);
    }
    let head = &items[&log.chain("HEAD")];
    assert_eq!(
        (&head["number"], &head["digest"], &head["last"]),
        (&json!(number), &previous, &json!(last)),
        "{context}"
    );
    number
}

/// Asserts that each change that was answered has one record, and no other has more than one.
#[track_caller]
fn assert_recorded(log: &Log, outcomes: &Outcomes, context: &str) {
    let mut records = BTreeMap::<String, u32>::new();
    for item in log.world.items().into_values().filter(|item| item["action"] == "member.role_changed") {
        *records.entry(item["request_id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for (request, is_done) in outcomes {
        let made = records.remove(request).unwrap_or_default();
        assert!(made == 1 || made == 0 && !is_done, "{context}: {request} has {made} records; answered: {is_done}");
    }
    assert_eq!(records, BTreeMap::new(), "{context}: records without a request");
}

/// Invariants 24 and 58.
#[tokio::test(start_paused = true)]
async fn a_thousand_changes_under_faults_are_one_chain() {
    let admins = [ANA, BEN, CLEO, person("dora")];
    let members: Vec<_> = (0..20).map(|number| person(&format!("guest{number}"))).collect();
    let log = team(World::seeded(1), &members).await;
    for admin in &admins[1..] {
        log.world.join(log.id, &ANA, admin, Role::Admin).await;
    }
    log.world.set_fault_chances(Chances::HIGH);
    let work = members.iter().zip(admins.iter().cycle());
    let work = work.map(|(member, admin)| change_roles(&log, admin, member, 50, true));
    let outcomes: Outcomes = join_all(work).await.into_iter().flatten().collect();
    log.world.clear_fault_chances();

    let done = outcomes.values().filter(|is_done| **is_done).count();
    assert!(outcomes.len() == 1000 && (700..990).contains(&done), "{done} of {}", outcomes.len());
    let records = assert_chain(&log, "faults");
    assert_recorded(&log, &outcomes, "faults");
    log.world.assert_counters_consistent("faults");
    assert_eq!(log.verify().await, Verified::Whole(records));
    let pages = log.export().await;
    assert_eq!(pages.len() as u64, records.div_ceil(500));
    let report = log.offline().await;
    assert_eq!((problems(&report), report.log.records), (Vec::new(), records));
}

/// Verifies the log while it is changed. Requests whose answer is lost are no matter.
async fn verify_midway(log: &Log, seed: u64) {
    let answer = log.get_as(&ANA, "/audit/verify").await;
    assert!(!answer.status.is_success() || answer.body["ok"] == true, "seed {seed}: {answer}");
    log.world.wait(SignedDuration::from_secs(10));
}

/// Invariant 58.
#[tokio::test(start_paused = true)]
async fn parallel_changes_make_one_chain() {
    let members: Vec<_> = (0..5).map(|number| person(&format!("guest{number}"))).collect();
    for seed in 0..8 {
        let log = team(World::seeded(seed), &members).await;
        if seed % 2 == 1 {
            log.world.set_fault_chances(Chances::HIGH);
        }
        let work = members.iter().map(|member| change_roles(&log, &ANA, member, 4, seed % 4 == 3));
        // The log is whole at any time.
        let mut work = std::pin::pin!(join_all(work));
        let outcomes = loop {
            tokio::select! {
                outcomes = &mut work => break outcomes,
                () = verify_midway(&log, seed) => {}
            }
        };
        let outcomes: Outcomes = outcomes.into_iter().flatten().collect();
        log.world.clear_fault_chances();
        let context = format!("seed {seed}");
        let records = assert_chain(&log, &context);
        assert_recorded(&log, &outcomes, &context);
        assert_eq!(log.verify().await, Verified::Whole(records), "{context}");
        assert!(seed % 2 == 1 || outcomes.values().all(|is_done| *is_done), "{context}: {outcomes:?}");
    }
}

/// Figures of `writers` who make ten changes each: transactions and milliseconds for each change.
async fn contention(writers: usize) -> [f64; 2] {
    let members: Vec<_> = (0..writers).map(|number| person(&format!("guest{number}"))).collect();
    let log = team(World::seeded(2), &members).await;
    drop(log.world.calls());
    let begin = Instant::now();
    let work = members.iter().map(|member| change_roles(&log, &ANA, member, 10, false));
    let outcomes = join_all(work).await;
    assert!(outcomes.iter().flatten().all(|(_, is_done)| *is_done));
    let changes = (writers * 10) as f64;
    let sent = log.world.calls()["TransactWriteItems"];
    assert_chain(&log, &format!("{writers} writers"));
    [f64::from(sent) / changes, begin.elapsed().as_secs_f64() * 1000.0 / 10.0]
}

/// The wait before each attempt is random, so that parallel changes of one workspace rarely meet again.
#[tokio::test(start_paused = true)]
async fn contention_costs_few_transactions() {
    for (writers, most) in [(1, 1.0), (5, 5.0), (10, 10.0), (20, 16.0)] {
        let [transactions, milliseconds] = contention(writers).await;
        eprintln!("{writers} writers: {transactions:.2} transactions and {milliseconds:.0} ms for each change");
        assert!((1.0..=most).contains(&transactions), "{writers} writers: {transactions}");
    }
}

#[tokio::test]
async fn a_change_alone_takes_two_round_trips() {
    let log = Log::acme().await;
    drop(log.world.calls());
    let answer = log.give_role(Role::Viewer).await;
    assert_eq!((answer.usage.round_trips, log.world.calls()["TransactWriteItems"]), (2, 1));
}

/// Invariant 58.
#[tokio::test(start_paused = true)]
async fn a_conflict_after_a_lost_answer_is_one_change() {
    use Fault::{Conflict, InProgress, LoseReply, Throttle};
    let faults = [
        &[LoseReply, Conflict][..],
        &[LoseReply, InProgress],
        &[LoseReply, LoseReply, InProgress],
        &[LoseReply, Throttle, Conflict],
        &[LoseReply, Conflict, LoseReply, Conflict, InProgress],
    ];
    for faults in faults {
        let log = Log::acme().await;
        for fault in faults {
            log.world.plan("TransactWriteItems", *fault);
        }
        // Another change follows the one whose answer is lost, before that is sent again.
        let (first, ()) = tokio::join!(log.give_role(Role::Viewer), async {
            sleep(Duration::from_millis(1200)).await;
            log.rename("Meanwhile").await;
        });
        assert_eq!(first.body["role"], "viewer");
        assert_eq!(assert_chain(&log, &format!("{faults:?}")), RECORDS + 2);
        assert_eq!(log.verify().await, Verified::Whole(RECORDS + 2));
    }
}

/// Invariant 58.
#[tokio::test]
async fn numbers_ascend_while_a_clock_goes_back() {
    let log = Log::acme().await;
    for back in [3, 3600, 40 * 24 * 3600] {
        log.world.wait(-SignedDuration::from_secs(back));
        for name in ["Before", "After"] {
            log.rename(name).await;
        }
    }
    // A process with the right time.
    log.world.wait(SignedDuration::from_hours(41 * 24));
    log.rename("Now").await;
    assert_eq!(assert_chain(&log, "back"), RECORDS + 7);
    assert_eq!(log.verify().await, Verified::Whole(RECORDS + 7));
    assert_eq!(problems(&log.offline().await), [""; 0]);
    let shown = log.get("/audit?limit=100").await;
    let numbers: Vec<_> = shown.body["records"].as_array().unwrap().iter().map(|record| &record["number"]).collect();
    assert_eq!(json!(numbers), json!((1..=RECORDS + 7).rev().collect::<Vec<_>>()));
}

/// Invariant 58.
#[tokio::test]
async fn two_records_of_one_change_are_both_in_the_chain() {
    let log = team(World::default(), &[BEN, CLEO]).await;
    let before = assert_chain(&log, "before");
    let exchanged = [(ANA, BEN.email), (BEN, CLEO.email), (CLEO, ANA.email)];
    for (person, email) in exchanged {
        let person = Person { email, ..person };
        let access = Request::new("GET", "/access").by(&person).within(log.id);
        assert_eq!(log.world.send(&log.router, access).await.status.as_u16(), 200);
    }
    assert_eq!(assert_chain(&log, "exchanged"), before + 3);
    let ana = Person { email: BEN.email, ..ANA };
    let shown = log.get_as(&ana, "/audit?action=member.address_changed").await;
    let found = shown.body["records"].as_array().unwrap();
    let targets: Vec<_> = found.iter().map(|record| &record["target"]).collect();
    let request = |record: &Value| record["request_id"].clone();
    assert!(found.len() == 3 && found.iter().all(|record| request(record) == request(&found[0])), "{shown}");
    assert!([ANA, BEN, CLEO].iter().all(|person| targets.contains(&&json!(person.id()))), "{targets:?}");
    let verified = log.get_as(&ana, "/audit/verify").await;
    assert_eq!((&verified.body["ok"], &verified.body["checked"]), (&json!(true), &json!(before + 3)));
}

/// Invariant 58.
#[tokio::test]
async fn a_founded_workspace_has_a_chain_of_its_own() {
    let log = team(World::default(), &[BEN]).await;
    let before = assert_chain(&log, "before");
    let remove = Request::new("DELETE", &format!("/team/members/{}", BEN.id())).within(log.id);
    assert_eq!(log.world.send(&log.router, remove).await.status.as_u16(), 204);
    assert_eq!(assert_chain(&log, "removed"), before + 1);
    let heads = log.world.items().into_iter().filter(|(_, item)| item["_type"] == "workspace");
    let mut ids = heads.map(|((pk, _), _)| pk.trim_start_matches("WS#").parse().unwrap());
    let id = ids.find(|id| *id != log.id).unwrap();
    let Log { world, router, .. } = log;
    world.subscribe(id, testkit::plan("business")).await;
    let log = Log { world, router, id };
    assert_eq!(assert_chain(&log, "founded"), 1);
    let verified = log.get_as(&BEN, "/audit/verify").await;
    assert_eq!((&verified.body["ok"], &verified.body["last_number"]), (&json!(true), &json!(1)));
}
