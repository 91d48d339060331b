//! E-mails to people who are not members: their content, and the limit per recipient.

use aws_lambda_events::event::sqs::SqsEvent;
use domain::{
    billing::account::Billing,
    billing::subscription::{Period, Status, Subscription},
    command::Expected,
    command::Reply,
    identity::access::Role,
    ids::{InvitationId, WorkspaceId},
    integrations::reach::Ports,
    integrations::{Config, IntegrationSettings, IntegrationType, Occurrence},
    notifications::recipient::LETTERS_A_DAY,
    plans::money::Interval,
    text::{Timezone, is_deceptive},
};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{integrations, team, workspace};
use testkit::{ANA, BEN, Behaviour, CLEO, Fault, Letter, NASTY_NAMES, Person, Request, World, plan};

/// A record of the queue with this body.
fn record(body: &Value) -> Value {
    let mut record = Request::sample("mailer/invitation")["Records"][0].clone();
    record["body"] = json!(body.to_string());
    record
}

/// Handles the message `body`. Returns true if it does not fail.
async fn send(world: &World, body: &Value) -> bool {
    let event: SqsEvent = serde_json::from_value(json!({ "Records": [record(body)] })).unwrap();
    mailer::send(&world.mailer_deps(), event).await.batch_item_failures.is_empty()
}

fn message(workspace: WorkspaceId, invitation: InvitationId, version: u64) -> Value {
    json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": version})
}

async fn resend(world: &World, by: &Person, workspace: WorkspaceId, invitation: InvitationId) {
    team::resend_invitation(&world.store(), &by.caller(), workspace, invitation, None).await.unwrap();
}

/// Returns the stored delivery state of an invitation's e-mail.
fn delivery(world: &World, invitation: InvitationId) -> Value {
    let items = world.items();
    let (_, item) = items.iter().find(|((_, sk), _)| *sk == format!("INVITE#{invitation}")).unwrap();
    item["delivery"].clone()
}

fn of_type(world: &World, kind: &str) -> Vec<Value> {
    world.items().into_values().filter(|item| item["_type"] == kind).collect()
}

fn allowed() -> usize {
    usize::try_from(LETTERS_A_DAY).unwrap()
}

/// Returns a person with BEN's mailbox, under another spelling of the address.
fn spelled(email: &'static str) -> Person {
    Person { email, ..BEN }
}

/// Returns one of many people who share Ana's mailbox.
fn founder(number: usize) -> Person {
    let (subject, email) = (format!("founder {number}").leak(), format!("ana+{number}@example.com").leak());
    Person { subject, email, ..ANA }
}

/// An invitation for BEN, and its inviter.
struct Invited {
    founder: Person,
    id: WorkspaceId,
    invitation: InvitationId,
}

impl Invited {
    async fn mail(&self, world: &World, version: u64) -> bool {
        send(world, &message(self.id, self.invitation, version)).await
    }

    async fn resend(&self, world: &World) {
        resend(world, &self.founder, self.id, self.invitation).await;
    }
}

/// Creates workspaces of as many people, each with an invitation for BEN that is not mailed yet.
async fn invited(world: &World, workspaces: usize) -> Vec<Invited> {
    let mut made = Vec::new();
    for number in 0..workspaces {
        let spelling = ["ben@example.com", "BEN@example.com", "ben+berth@example.com"][number % 3];
        let founder = founder(number);
        let id = world.workspace_of(&founder).await;
        let (invitation, _) = world.invitation(id, &founder, &spelled(spelling), Role::Viewer).await;
        made.push(Invited { founder, id, invitation });
    }
    made
}

#[tokio::test]
async fn a_strangers_words_are_in_no_letter() {
    let world = World::default();
    let name = "Your account is locked. Go to www.evil.example".parse().unwrap();
    let Reply::First(made) = workspace::create_workspace(
        &world.store(),
        world.free_workspaces(),
        &ANA.caller(),
        (name, Timezone::default()),
        None,
    )
    .await
    .unwrap() else {
        panic!("there was no key");
    };
    let (invitation, _) = world.invitation(made.id, &ANA, &BEN, Role::Member).await;
    assert!(send(&world, &message(made.id, invitation, 1)).await);
    let Letter { subject, text, html, .. } = world.letters().remove(0);
    assert_eq!(subject, "You are invited to join a workspace");
    assert!(text.contains("\nana@example.com invites you to join a workspace as a member.\n"), "{text}");
    for word in ["locked", "evil"] {
        assert!(!text.contains(word) && !html.contains(word), "{text}");
    }
}

#[tokio::test]
async fn a_letter_can_be_stopped_from_the_mail_program() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    assert!(send(&world, &message(id, invitation, 1)).await);
    let letter = world.letters().remove(0);
    let link = format!("https://api.example.com/api/v1/letters/stop/{}", world.letter_token(BEN.email).await);
    let header = |name: &str, value: &str| json!({"Name": name, "Value": value});
    assert_eq!(
        letter.headers,
        json!([
            header("List-Unsubscribe", &format!("<{link}>")),
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ])
    );
    assert!(letter.text.contains(&link) && letter.html.contains(&link), "{}", letter.text);
    assert!(!link.contains("ben"), "the link names nobody");
}

#[tokio::test]
async fn letter_names_its_sender_who_must_have_a_seat() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("pro")).await;
    world.join(id, &ANA, &CLEO, Role::Admin).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    resend(&world, &CLEO, id, invitation).await;
    assert!(send(&world, &message(id, invitation, 2)).await);
    assert!(world.letters()[0].text.contains("\ncleo@example.com invites you to join the workspace \"Acme\""));
    resend(&world, &CLEO, id, invitation).await;
    world.overwrite(id, format!("MEMBER#{}", CLEO.id()), "status", json!({"S": "removed"}));
    assert!(send(&world, &message(id, invitation, 3)).await);
    assert!(world.letters()[0].text.contains("\nana@example.com invites you"));
    resend(&world, &ANA, id, invitation).await;
    world.overwrite(id, format!("MEMBER#{}", ANA.id()), "role", json!({"S": "viewer"}));
    assert!(send(&world, &message(id, invitation, 4)).await);
    assert_eq!(world.letters(), [], "its inviter may not invite any more");
    assert_eq!(of_type(&world, "letters_of_day")[0]["letters"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn one_address_gets_5_of_130_letters_a_day() {
    let world = World::default();
    let invited = invited(&world, 26).await;
    for version in 1..=5 {
        for one in &invited {
            assert!(one.mail(&world, version).await);
            one.resend(&world).await;
        }
    }
    assert_eq!(world.letters().len(), allowed());
    let days = of_type(&world, "letters_of_day");
    assert_eq!((days.len(), days[0]["letters"].as_array().unwrap().len()), (1, allowed()));
    let midnight: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
    assert!(days[0]["ttl"].as_i64().unwrap() >= midnight.as_second(), "the counter is kept until the day ends");
    let items = world.items();
    let keys = items.keys().filter(|(pk, _)| pk.starts_with("RECIPIENT#"));
    assert!(keys.clone().count() == 1 && keys.clone().all(|(pk, _)| !pk.contains("ben")), "no address");
    // Other addresses are unaffected.
    let Invited { founder, id, .. } = &invited[0];
    let (other, _) = world.invitation(*id, founder, &CLEO, Role::Viewer).await;
    assert!(send(&world, &message(*id, other, 1)).await);
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn resends_count_as_letters() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    for version in 1..=26 {
        assert!(send(&world, &message(id, invitation, version)).await);
        let wanted = if version <= u64::from(LETTERS_A_DAY) { "sent" } else { "deferred" };
        assert_eq!(delivery(&world, invitation), wanted, "letter {version}");
        world.wait(SignedDuration::from_mins(10));
        resend(&world, &ANA, id, invitation).await;
    }
    assert_eq!(world.letters().len(), allowed());
    world.wait(SignedDuration::from_hours(12));
    assert!(send(&world, &message(id, invitation, 27)).await);
    assert_eq!((world.letters().len(), delivery(&world, invitation)), (1, json!("sent")), "the next day has more");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_twice_takes_one_letter() {
    let world = World::default();
    // It is the last e-mail of the day, so the retry finds the day's limit reached.
    for one in invited(&world, allowed() - 1).await {
        assert!(one.mail(&world, 1).await);
    }
    drop(world.letters());
    let id = world.workspace_of(&ANA).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let body = message(id, invitation, 1);
    // SES refuses the e-mail. On the retry it accepts it, but the result is not recorded.
    (0..3).for_each(|_| world.plan("SendEmail", Fault::ServerError));
    assert!(!send(&world, &body).await);
    (0..3).for_each(|_| world.plan("TransactWriteItems", Fault::LoseRequest));
    assert!(send(&world, &body).await, "the e-mail was sent");
    assert_eq!(delivery(&world, invitation), "queued");
    let first = world.letters();
    // The answer of SES is lost, too.
    world.plan("UpdateItem", Fault::LoseReply);
    assert!(send(&world, &body).await);
    assert_eq!((first.len(), world.letters()), (1, first), "the same letter");
    let names = of_type(&world, "letters_of_day").remove(0)["letters"].as_array().unwrap().clone();
    assert_eq!((names.len(), names.contains(&json!(format!("{invitation}.1")))), (allowed(), true));
    assert!(send(&world, &body).await);
    assert_eq!(world.letters(), [], "it is recorded as sent");
}

#[tokio::test(start_paused = true)]
async fn mailers_at_once_never_exceed_the_day() {
    for seed in 0..12 {
        let world = World::seeded(seed);
        let invited = invited(&world, 9).await;
        for one in invited.iter().take(3) {
            assert!(one.mail(&world, 1).await);
        }
        // The remaining six messages arrive twice each, concurrently.
        let bodies: Vec<_> = invited.iter().skip(3).map(|one| message(one.id, one.invitation, 1)).collect();
        let sends = bodies.iter().chain(&bodies).map(|body| send(&world, body));
        assert!(join_all(sends).await.into_iter().all(|done| done), "seed {seed}");
        let mut letters: Vec<_> = world.letters().into_iter().map(|letter| letter.text).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), allowed(), "seed {seed}");
        let deferred = invited.iter().filter(|one| delivery(&world, one.invitation) == "deferred").count();
        assert_eq!((deferred, of_type(&world, "deferred_letter").len()), (4, 4), "seed {seed}");
    }
}

async fn stop(world: &World, address: &str) {
    let token = world.letter_token(address).await;
    team::unsubscribe(&world.store(), &world.invitation_key(), &token).await.unwrap();
}

#[tokio::test]
async fn stopped_letters_come_from_no_workspace() {
    let world = World::default();
    let invited = invited(&world, 3).await;
    stop(&world, "Ben+news@example.com").await;
    for one in &invited {
        assert!(one.mail(&world, 1).await);
        assert_eq!(delivery(&world, one.invitation), "stopped");
        one.resend(&world).await;
        assert!(one.mail(&world, 2).await);
        assert_eq!(delivery(&world, one.invitation), "stopped");
    }
    assert_eq!((world.letters(), of_type(&world, "letters_of_day")), (vec![], vec![]));
    let token = world.letter_token(BEN.email).await;
    team::resubscribe(&world.store(), &world.invitation_key(), &token).await.unwrap();
    assert!(invited[0].mail(&world, 2).await);
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn billing_mail_is_neither_stopped_nor_counted() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let (start, end) = (world.clock.now(), world.clock.now() + SignedDuration::from_hours(48));
    let subscription = Subscription {
        id: "sub_1".to_owned(),
        paid_plan: plan("pro").reference(),
        interval: Interval::Month,
        currency: None,
        seats: None,
        addons: domain::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        status: Status::PastDue,
        period: Period { start, end },
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: None,
        grace_until: Some(end),
        scheduled: None,
        first_payment: None,
        collection_paused: false,
        pending_change: None,
    };
    stop(&world, ANA.email).await;
    let body = json!({"kind": "billing_mail", "workspace": id, "notice": "payment_failed"});
    for version in 1..=u64::from(LETTERS_A_DAY) + 1 {
        let billing = Billing { version, subscription: Some(subscription.clone()), ..Billing::default() };
        world.store().set_billing(id, &billing).await.unwrap();
        assert!(send(&world, &body).await);
    }
    let letters = world.letters();
    assert_eq!(letters.len(), allowed() + 1);
    assert!(letters.iter().all(|letter| letter.headers.is_null() && letter.subject == "A payment failed"));
    assert_eq!(of_type(&world, "letters_of_day"), Vec::<Value>::new());
}

/// Creates a workspace of this founder whose webhook was disabled, and returns the message about it.
async fn disabled(world: &World, number: usize) -> Value {
    let founder = founder(number);
    let id = world.workspace_of(&founder).await;
    let config = json!({"url": "https://hooks.example.com/"});
    let config = Config::read(IntegrationType::Webhook, config.as_object().unwrap(), &Ports::default()).unwrap();
    let wanted = IntegrationSettings {
        name: Some("Go to www.evil.example".parse().unwrap()),
        config,
        secret: Some("0123456789abcdef".parse().unwrap()),
        events: None,
    };
    let (store, secrets) = (world.store(), world.integration_secrets());
    integrations::set_up_integration(&store, &secrets, &founder.caller(), id, wanted, &Expected::Any).await.unwrap();
    world.receivers.plan(Behaviour::Status(410));
    let what = domain::integrations::delivery::NewEvent {
        id: store.ambient().fresh(),
        occurrence: Occurrence::RuntimeStarted { generation: 1 },
        at: world.clock.now(),
    };
    workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
    json!({"kind": "integration_mail", "workspace": id, "integration": "webhook", "version": 2})
}

#[tokio::test]
async fn mail_about_integrations_is_counted_and_stopped() {
    let world = World::default();
    let body = disabled(&world, 0).await;
    assert!(send(&world, &body).await);
    let letter = world.letters().remove(0);
    assert_eq!((letter.to.as_str(), letter.subject.as_str()), (founder(0).email, "An integration was disabled"));
    assert!(!letter.text.contains("evil") && !letter.html.contains("evil"), "{}", letter.text);
    assert!(letter.headers.is_array());
    for number in 1..allowed() {
        let body = disabled(&world, number).await;
        assert!(send(&world, &body).await);
    }
    assert_eq!(world.letters().len(), allowed() - 1);
    let last = disabled(&world, allowed()).await;
    assert!(send(&world, &last).await, "the e-mail is dropped, and its message is done");
    assert_eq!(world.letters(), []);
    world.wait(SignedDuration::from_hours(24));
    stop(&world, ANA.email).await;
    assert!(send(&world, &last).await);
    assert_eq!(world.letters(), []);
}

/// Returns the tags of a page, without their attributes.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|rest| rest.split(['>', ' ']).next()).collect()
}

/// A name is shown as text, or left out.
#[tokio::test]
async fn names_add_neither_markup_nor_lines_to_letters() {
    let letters = async |name: &str| {
        let world = World::default();
        let body = disabled(&world, 0).await;
        let id: WorkspaceId = body["workspace"].as_str().unwrap().parse().unwrap();
        for item in ["META", "INTEGRATION#webhook"] {
            world.overwrite(id, item, "name", json!({"S": name}));
        }
        assert!(send(&world, &body).await);
        world.letters().remove(0)
    };
    let named = letters("Acme").await;
    let unnamed = letters("www.evil.example").await;
    for name in NASTY_NAMES {
        let letter = letters(name).await;
        assert_eq!(letter.subject, named.subject);
        assert_eq!(letter.text.lines().count(), named.text.lines().count(), "{name:?}: {}", letter.text);
        assert!(letter.text.chars().all(|c| c == '\n' || !is_deceptive(c)), "{name:?}: {}", letter.text);
        let has = [&named, &unnamed].map(|letter| tags(&letter.html));
        assert!(has.contains(&tags(&letter.html)), "{name:?}: {}", letter.html);
        // A shown name is whole.
        let shown = letter.text.contains(name);
        assert_eq!(tags(&letter.html) == has[0], shown, "{name:?}: {}", letter.text);
    }
}
