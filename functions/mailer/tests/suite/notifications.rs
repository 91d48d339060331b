//! Letters with notifications: one for a window, with what is still unread, when members want it.

use aws_lambda_events::event::sqs::SqsEvent;
use domain::{
    identity::access::Role,
    identity::profile::{Edit, Language, ProfileChanges},
    ids::{NotificationId, WorkspaceId},
    notifications::{
        happening::{Happening, Notice},
        mailing::{mode::EmailMode, quiet_hours::QuietHours, window::MailWindow},
        notification::Notification,
        preferences::PreferenceChanges,
        row::LetterRule,
        shelf::{NotificationType, Shelf},
    },
    page::{Limit, PageRequest},
};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    notifications::{InboxFilter, delete_notification, list_notifications, mark_all_read, set_preferences},
    profile, team,
};
use std::collections::BTreeSet;
use store::notifications::{inboxes::InboxDelivery, notices::NoticeItem};
use system_scope::SystemScope;
use testkit::{ANA, BEN, CLEO, Letter, Moment, Person, Request, World, plan};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Handles the message `body`. Returns true if it does not fail.
async fn handle(world: &World, body: &Value) -> bool {
    let mut record = Request::sample("mailer/invitation")["Records"][0].clone();
    record["body"] = json!(body.to_string());
    let event: SqsEvent = serde_json::from_value(json!({ "Records": [record] })).unwrap();
    mailer::send(&world.mailer_deps(), event).await.batch_item_failures.is_empty()
}

/// Returns the messages that request the letters of all windows that are due, as the sweeper would send them.
fn due(world: &World) -> Vec<Value> {
    let now = world.clock.now();
    let windows = world.items().into_iter().filter(|(_, item)| item["_type"] == "mail_window");
    let windows = windows
        .filter(|(_, item)| item["closes_at"].as_str().is_some_and(|at| at.parse::<Timestamp>().unwrap() <= now));
    let message = |((pk, sk), item): ((String, String), Value)| {
        let workspace = pk.strip_prefix("WS#").unwrap().strip_suffix("#INBOX").unwrap();
        let member = sk.strip_suffix("#MAIL").unwrap();
        json!({"kind": "notification_mail", "workspace": workspace, "member": member, "version": item["version"]})
    };
    windows.map(message).collect()
}

/// Sends what is due, and returns the letters.
async fn mailed(world: &World) -> Vec<Letter> {
    world.notify_members().await;
    for message in due(world) {
        assert!(handle(world, &message).await);
    }
    world.letters()
}

/// Returns what the workspace's outbox requests of the mailer about notifications.
fn requested(world: &World) -> usize {
    world.items().values().filter(|item| item["message"]["kind"] == "notification_mail").count()
}

async fn prefer(world: &World, id: WorkspaceId, who: &Person, kind: NotificationType, mode: EmailMode) {
    let changes = PreferenceChanges { email: [(kind, mode)].into(), ..PreferenceChanges::default() };
    set_preferences(&world.store(), &who.caller(), id, &changes, None).await.unwrap();
}

async fn live_in(world: &World, who: &Person, zone: &str) {
    let changes = ProfileChanges { timezone: Edit::Set(zone.parse().unwrap()), ..ProfileChanges::default() };
    profile::update_profile(&world.store(), &who.caller(), &changes).await.unwrap();
}

/// Creates Ana's workspace on starter, which has five members. It is noon in UTC on 21 November 2026.
async fn at_noon() -> (World, WorkspaceId) {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("starter")).await;
    assert_eq!(world.clock.now().to_string(), "2026-11-21T12:00:00Z");
    (world, id)
}

fn returned(world: &World, id: WorkspaceId, who: &Person, (event, bounce): (&str, &str)) -> Value {
    let letter = &world.letters()[0];
    let tag = |name: &str| {
        letter.tags[1].as_array().unwrap().iter().find(|tag| tag["Name"] == name).unwrap()["Value"].clone()
    };
    assert_eq!((tag("workspace"), tag("member")), (json!(id), json!(who.id())));
    json!({"kind": "mail_returned", "event": event, "bounce": bounce, "workspace": id, "invitation": "", "version": "",
        "member": who.id(), "recipient": tag("recipient")})
}

/// Waits until this time of the next day, in UTC.
fn tomorrow(world: &World, at: &str) {
    let then: Timestamp = format!("2026-11-22T{at}:00Z").parse().unwrap();
    world.wait(then.duration_since(world.clock.now()));
}

/// Invariant 53.
#[tokio::test]
async fn digest_has_what_is_unread_at_eight_in_the_morning() {
    let (world, id) = at_noon().await;
    live_in(&world, &ANA, "Europe/Berlin").await;
    for person in [&BEN, &CLEO] {
        world.join(id, &ANA, person, Role::Member).await;
    }
    assert_eq!(mailed(&world).await, [], "it is noon");
    tomorrow(&world, "06:59");
    assert_eq!(mailed(&world).await, []);
    tomorrow(&world, "07:00");
    let [letter] = mailed(&world).await.try_into().unwrap();
    assert_eq!(letter.to, "ana@example.com");
    assert_eq!(letter.text.matches("Member joined").count(), 2, "{}", letter.text);
    assert!(letter.text.contains("List-Unsubscribe") || letter.headers.to_string().contains("One-Click"), "{letter:?}");
    // Nothing of it is mailed again.
    for hours in [0, 24, 48] {
        world.wait(HOUR * hours);
        assert_eq!(mailed(&world).await, [], "{hours}");
    }
}

#[tokio::test]
async fn nothing_is_mailed_of_what_was_read_or_deleted() {
    let (world, id) = at_noon().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    mark_all_read(&world.store(), &ANA.caller(), id, None, None).await.unwrap();
    tomorrow(&world, "08:00");
    assert_eq!(mailed(&world).await, []);
    assert_eq!(due(&world), Vec::<Value>::new(), "the window is closed");
    world.join(id, &ANA, &CLEO, Role::Member).await;
    world.notify_members().await;
    let (seen, _) = list_notifications(
        &world.store(),
        &ANA.caller(),
        id,
        InboxFilter::default(),
        PageRequest { limit: Limit::MOST, after: None },
    )
    .await
    .unwrap();
    delete_notification(&world.store(), &ANA.caller(), id, seen.items[0].id).await.unwrap();
    world.wait(HOUR * 25);
    assert_eq!(mailed(&world).await, []);
}

#[tokio::test]
async fn instant_letters_are_requested_at_once_and_have_a_gap() {
    let (world, id) = at_noon().await;
    prefer(&world, id, &ANA, NotificationType::Team, EmailMode::Instant).await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    assert_eq!(requested(&world), 1);
    assert_eq!(mailed(&world).await.len(), 1);
    world.wait(SignedDuration::from_mins(1));
    world.join(id, &ANA, &CLEO, Role::Member).await;
    team::change_role(&world.store(), &ANA.caller(), id, (CLEO.id(), Role::Viewer)).await.unwrap();
    assert_eq!(mailed(&world).await, [], "within ten minutes of the last one");
    world.wait(SignedDuration::from_mins(9));
    assert_eq!(mailed(&world).await.len(), 1);
    assert_eq!(requested(&world), 1, "the sweeper requests what was not due at once");
}

#[tokio::test]
async fn quiet_hours_defer_a_letter_to_their_end() {
    let (world, id) = at_noon().await;
    live_in(&world, &ANA, "America/New_York").await;
    let quiet = QuietHours::new("06:00".parse().unwrap(), "09:30".parse().unwrap()).unwrap();
    let changes = PreferenceChanges {
        email: [(NotificationType::Team, EmailMode::Instant)].into(),
        quiet: Edit::Set(quiet),
        ..PreferenceChanges::default()
    };
    set_preferences(&world.store(), &ANA.caller(), id, &changes, None).await.unwrap();
    // It is seven in the morning in New York.
    world.join(id, &ANA, &BEN, Role::Member).await;
    assert_eq!(mailed(&world).await, []);
    world.wait(SignedDuration::from_mins(149));
    assert_eq!(mailed(&world).await, []);
    world.wait(SignedDuration::from_mins(1));
    assert_eq!(mailed(&world).await.len(), 1);
}

#[tokio::test]
async fn types_without_mail_and_events_with_own_letters_are_left_out() {
    let (world, id) = at_noon().await;
    world.suspend(id, "spam").await;
    world.unsuspend(id).await;
    prefer(&world, id, &ANA, NotificationType::Team, EmailMode::Off).await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    let windows = world.items().into_values().filter(|item| item["_type"] == "mail_window").count();
    assert_eq!(windows, 0, "nothing waits");
    tomorrow(&world, "09:00");
    assert_eq!(mailed(&world).await, []);
}

#[tokio::test]
async fn unsubscribed_members_get_what_cannot_be_turned_off() {
    let (world, id) = at_noon().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    let token = world.letter_token(ANA.email).await;
    team::unsubscribe(&world.store(), &world.invitation_key(), &token).await.unwrap();
    tomorrow(&world, "08:00");
    assert_eq!(mailed(&world).await, []);
    // The limit of members is billing, of which owners are always notified.
    for number in 0..3 {
        let person = Person { email: format!("guest{number}@example.com").leak(), ..CLEO };
        assert!(world.try_invite(id, &ANA, person, Role::Member).await);
    }
    world.wait(HOUR * 24);
    let [letter] = mailed(&world).await.try_into().unwrap();
    assert!(letter.text.contains("Limit reached") && !letter.text.contains("Member joined"), "{}", letter.text);
    assert_eq!(letter.headers, Value::Null, "it cannot be stopped");
}

/// Invariant 51.
#[tokio::test]
async fn former_members_get_no_letter() {
    let (world, id) = at_noon().await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.join(id, &ANA, &CLEO, Role::Member).await;
    world.notify_members().await;
    let requests = {
        tomorrow(&world, "08:00");
        due(&world)
    };
    assert_eq!(requests.len(), 2);
    team::remove_member(&world.store(), &ANA.caller(), id, BEN.id()).await.unwrap();
    for request in &requests {
        assert!(handle(&world, request).await);
    }
    let to: Vec<_> = world.letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(to, ["ana@example.com"]);
}

/// A digest is sent once, whenever its sender dies, and what arrives meanwhile is in the next.
///
/// Invariant 53.
#[tokio::test]
async fn crash_sends_a_letter_once_and_loses_nothing() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (world, id) = at_noon().await;
            world.join(id, &ANA, &BEN, Role::Member).await;
            world.notify_members().await;
            tomorrow(&world, "08:00");
            let request = due(&world).remove(0);
            let ended = world.crashing(call, moment, Box::pin(handle(&world, &request))).await;
            world.join(id, &ANA, &CLEO, Role::Member).await;
            world.notify_members().await;
            let mut letters = world.letters();
            for _ in 0..3 {
                // A claimed letter is free again after a minute.
                world.wait(SignedDuration::from_secs(61));
                for request in due(&world) {
                    handle(&world, &request).await;
                }
                letters.extend(world.letters());
            }
            let joined = |letters: &[Letter]| {
                letters.iter().map(|letter| letter.text.matches("Member joined").count()).collect::<Vec<_>>()
            };
            // The mail service may have taken the letter before the process died; it is sent again only then.
            let first = joined(&letters);
            assert!([vec![1], vec![1, 1], vec![2]].contains(&first), "{moment:?} call {call}: {first:?}");
            world.wait(HOUR * 24);
            letters.extend(mailed(&world).await);
            let all: usize = joined(&letters).iter().sum();
            assert!((2..=3).contains(&all), "{moment:?} call {call}: {all}");
            if ended.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn mailbox_that_returns_a_letter_gets_no_more_and_admins_know() {
    for how in [("Bounce", "Permanent"), ("Complaint", "")] {
        let (world, id) = at_noon().await;
        world.join(id, &ANA, &BEN, Role::Admin).await;
        for person in [&ANA, &BEN] {
            prefer(&world, id, person, NotificationType::Team, EmailMode::Instant).await;
        }
        world.join(id, &ANA, &CLEO, Role::Member).await;
        world.notify_members().await;
        let requests = due(&world);
        assert!(handle(&world, &requests[0]).await);
        let first = [&ANA, &BEN].into_iter().find(|one| json!(one.id()) == requests[0]["member"]).unwrap();
        let came_back = returned(&world, id, first, how);
        for _ in 0..2 {
            assert!(handle(&world, &came_back).await);
        }
        world.notify_members().await;
        let notified: Vec<_> = world
            .items()
            .into_iter()
            .filter(|(_, item)| item["happening"]["event"] == "mail.returned")
            .map(|((_, sk), item)| (sk.split('#').next().unwrap().to_owned(), item["happening"]["facts"].clone()))
            .collect();
        let facts = json!({"user_id": first.id()});
        let expected: BTreeSet<_> = [&ANA, &BEN].map(|one| one.id().to_string()).into();
        assert_eq!(notified.iter().map(|(user, _)| user.clone()).collect::<BTreeSet<_>>(), expected, "{how:?}");
        assert!(
            notified.len() == 2 && notified.iter().all(|(_, said)| *said == facts),
            "once, though it came back twice"
        );
        // No letter of any kind follows for ninety days.
        drop(world.letters());
        world.suspend(id, "spam").await;
        let suspension = world.items().into_values().find(|item| item["message"]["kind"] == "suspension_mail").unwrap();
        assert!(handle(&world, &suspension["message"]).await);
        world.wait(HOUR * 24);
        let others = world.letters().into_iter().chain(mailed(&world).await);
        let to: BTreeSet<_> = others.map(|letter| letter.to).collect();
        let other = if first.id() == ANA.id() { BEN.email } else { ANA.email };
        assert_eq!(to, [other.to_owned()].into(), "{how:?}");
        world.unsuspend(id).await;
        world.wait(HOUR * 24 * 90);
        team::change_role(&world.store(), &ANA.caller(), id, (CLEO.id(), Role::Viewer)).await.unwrap();
        world.notify_members().await;
        assert_eq!(mailed(&world).await.len(), 1, "the mailbox is tried again");
    }
}

#[tokio::test]
async fn letters_that_may_still_arrive_stop_nothing() {
    let (world, id) = at_noon().await;
    prefer(&world, id, &ANA, NotificationType::Team, EmailMode::Instant).await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    assert!(handle(&world, &due(&world)[0]).await);
    let delayed = returned(&world, id, &ANA, ("Bounce", "Transient"));
    world.changes();
    assert!(handle(&world, &delayed).await);
    world.assert_nothing_written();
    let mut forged = delayed.clone();
    forged["event"] = json!("Complaint");
    for (name, value) in [("recipient", "ana@example.com"), ("member", "ana"), ("workspace", "")] {
        let mut forged = forged.clone();
        forged[name] = json!(value);
        assert!(!handle(&world, &forged).await, "{name}");
    }
    world.assert_nothing_written();
}

/// What arrives just when a window is sealed is in its letter or waits for the next one, whichever is written first.
///
/// Invariant 53.
#[tokio::test]
async fn nothing_arrives_unseen_while_a_window_is_sealed() {
    let (world, id) = at_noon().await;
    prefer(&world, id, &ANA, NotificationType::Team, EmailMode::Instant).await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.notify_members().await;
    let (store, scope, now) = (world.store(), SystemScope::of(id), world.clock.now());
    let (happening, shelf) = (
        Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member },
        Shelf { kind: NotificationType::Team, audience: Role::Admin },
    );
    let notification: NotificationId = world.ambient().fresh();
    let facts = store.inbox_facts(&scope, notification, &[ANA.id()]).await.unwrap().remove(&ANA.id()).unwrap();
    let (before, next) = (&facts.head, &facts.head.received(notification, shelf, now));
    let arrived = Notification {
        id: notification,
        version: 1,
        seq: next.seq,
        arrived: next.seq,
        shelf,
        happening,
        read_at: None,
    };
    let arrive = async |window: (&MailWindow, &MailWindow)| {
        store.deliver_notification(&scope, ANA.id(), (before, next), &arrived, Some(window), now).await.unwrap()
    };
    assert_eq!(facts.window.arrived(next.seq, now), None, "it is due as it is");
    let sealed = facts.window.sealed(before.seq);
    assert!(store.seal_window(&scope, ANA.id(), (&facts.window, &sealed), before).await.unwrap());
    assert_eq!(arrive((&facts.window, &facts.window)).await, InboxDelivery::ChangedMeanwhile);
    assert!(store.close_window(&scope, ANA.id(), (&sealed, &sealed.closed(None))).await.unwrap());
    // The other order.
    let open = sealed.closed(None);
    let waiting = open.arrived(next.seq, now).unwrap();
    assert_eq!(arrive((&open, &waiting)).await, InboxDelivery::Done);
    let outdated = (&waiting, &waiting.sealed(before.seq));
    assert!(!store.seal_window(&scope, ANA.id(), outdated, before).await.unwrap());
    assert!(store.seal_window(&scope, ANA.id(), (&waiting, &waiting.sealed(next.seq)), next).await.unwrap());
}

/// Notifications arrive while their letters are sealed and sent, by two mailers.
///
/// Invariant 53.
#[tokio::test(start_paused = true)]
async fn each_notification_is_mailed_once_whatever_runs_at_once() {
    for seed in 0..12 {
        let world = World::seeded(seed);
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("starter")).await;
        prefer(&world, id, &ANA, NotificationType::Team, EmailMode::Instant).await;
        for number in 0..4 {
            let person = Person {
                subject: format!("guest {number}").leak(),
                email: format!("guest{number}@example.com").leak(),
                ..CLEO
            };
            world.join(id, &ANA, &person, Role::Member).await;
        }
        let notices = world.notices();
        assert_eq!(
            notices.iter().filter(|item| matches!(item.notice.happening, Happening::MemberJoined { .. })).count(),
            4
        );
        let mailers = (0..2).map(|_| async {
            for _ in 0..20 {
                for request in due(&world) {
                    handle(&world, &request).await;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        let mut rng = fastrand::Rng::with_seed(seed);
        let delivered = notices.iter().map(|item| {
            let (world, later) = (&world, std::time::Duration::from_millis(rng.u64(..120)));
            async move {
                tokio::time::sleep(later).await;
                while !world.notify(item).await {}
            }
        });
        tokio::join!(join_all(mailers), join_all(delivered));
        let mut letters = world.letters();
        for minutes in [2, 11, 11, 24 * 60] {
            world.wait(SignedDuration::from_mins(minutes));
            letters.extend(mailed(&world).await);
        }
        let joined: usize = letters.iter().map(|letter| letter.text.matches("Member joined").count()).sum();
        assert_eq!(joined, 4, "seed {seed}: {:#?}", letters.iter().map(|letter| &letter.text).collect::<Vec<_>>());
    }
}

/// Returns a stored value as plain JSON.
fn plain(value: &Value) -> Value {
    let (kind, inside) = value.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "M" => inside.as_object().unwrap().iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        "L" => inside.as_array().unwrap().iter().map(plain).collect(),
        "N" => serde_json::from_str(inside.as_str().unwrap()).unwrap(),
        "NULL" => Value::Null,
        _ => inside.clone(),
    }
}

/// One event of each row of the table.
fn each_row() -> Vec<Happening> {
    let samples: Value = serde_json::from_str(include_str!("../../../../shared/samples/table/notice.json")).unwrap();
    let samples = samples.as_array().unwrap().iter();
    samples.map(|sample| serde_json::from_value(plain(&sample["item"]["happening"])).unwrap()).collect()
}

/// Every row of the table is seen in the inbox and, unless it has a letter of its own, in the mail, in both languages.
#[tokio::test]
async fn each_row_is_seen_in_inbox_and_mail() {
    let mut mails = 0;
    for (happening, language) in
        each_row().into_iter().flat_map(|row| Language::ALL.map(|language| (row.clone(), language)))
    {
        let (world, id) = at_noon().await;
        let changes = ProfileChanges { language: Edit::Set(language), ..ProfileChanges::default() };
        profile::update_profile(&world.store(), &ANA.caller(), &changes).await.unwrap();
        let row = happening.row();
        prefer(&world, id, &ANA, row.kind, EmailMode::Digest).await;
        let notice = Notice { workspace: id, happening: happening.clone(), actor: None };
        assert!(world.notify(&NoticeItem { id: world.ambient().fresh(), notice }).await);
        let part = PageRequest { limit: Limit::MOST, after: None };
        let (seen, _) =
            list_notifications(&world.store(), &ANA.caller(), id, InboxFilter::default(), part).await.unwrap();
        let [notification] = seen.items.try_into().unwrap();
        assert_eq!((notification.kind, notification.category), (row.kind, row.category), "{happening:?}");
        let text = happening.text(language, world.plans());
        assert_eq!((&notification.title, &notification.body), (&text.title, &text.body));
        if row.letter != LetterRule::AtOnce {
            assert_eq!(mailed(&world).await, [], "{happening:?}");
            tomorrow(&world, "08:00");
        }
        let letters = mailed(&world).await;
        assert_eq!(letters.len(), usize::from(row.letter != LetterRule::Own), "{happening:?}");
        for letter in letters {
            mails += 1;
            let link = format!("https://app.example.com{}", notification.link);
            for part in [text.title.as_str(), &text.body, &link] {
                assert!(letter.text.contains(part), "{happening:?}: {part}: {}", letter.text);
            }
        }
    }
    assert!(mails > 20, "{mails}");
}
