//! Independent recipients: a letter that is refused or fails stops no other, and its repetition sends none of the others
//! again.

use aws_lambda_events::event::sqs::SqsEvent;
use domain::{
    billing::account::{Billing, SentNotices, UnpaidInvoice},
    billing::subscription::{Period, Status, Subscription},
    identity::{
        access::Role,
        profile::{Edit, Language, ProfileChanges},
    },
    ids::WorkspaceId,
    plans::money::Interval,
    team::member::MemberCriterion,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{profile::update_profile, team::resend_invitation};
use store::notifications::sent_letters::SENDING;
use testkit::{ANA, BEN, CLEO, Fault, Person, Request, World, plan};
use workers::operator::{ActingOperator, set_owner};

/// Sends a batch of these bodies and returns the numbers of those that failed.
async fn send(world: &World, bodies: &[Value]) -> Vec<String> {
    let event: SqsEvent = serde_json::from_value(Request::batch("mailer/invitation", bodies)).unwrap();
    let response = mailer::send(&world.mailer_deps(), event).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

fn addressed(world: &World) -> Vec<String> {
    let mut addresses: Vec<_> = world.letters().into_iter().map(|letter| letter.to).collect();
    addresses.sort_unstable();
    addresses
}

/// Creates a world with a workspace of Ana's, with the admins Ben and Cleo, whose payment has failed.
async fn owing() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.subscribe(workspace, plan("business")).await;
    world.join(workspace, &ANA, &BEN, Role::Admin).await;
    world.join(workspace, &ANA, &CLEO, Role::Admin).await;
    fail_payment(&world, workspace, 1).await;
    (world, workspace)
}

async fn fail_payment(world: &World, workspace: WorkspaceId, attempts: u64) {
    let now = world.clock.now();
    let subscription = Subscription {
        id: "sub_1".to_owned(),
        paid_plan: plan("pro").reference(),
        interval: Interval::Month,
        currency: None,
        seats: None,
        addons: domain::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        status: Status::PastDue,
        period: Period { start: now, end: now + SignedDuration::from_hours(480) },
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: None,
        grace_until: Some(now + SignedDuration::from_hours(240)),
        scheduled: None,
        first_payment: None,
        collection_paused: false,
        pending_change: None,
    };
    let owed = Some(UnpaidInvoice { invoice: "in_1".to_owned(), attempts });
    let sent_notices = SentNotices { owed, ..SentNotices::default() };
    let billing = Billing { version: attempts, subscription: Some(subscription), sent_notices, ..Billing::default() };
    world.store().set_billing(workspace, &billing).await.unwrap();
}

fn notice(workspace: WorkspaceId) -> Value {
    json!({"kind": "billing_mail", "workspace": workspace, "notice": "payment_failed"})
}

/// Invariant 42.
#[tokio::test]
async fn a_refused_letter_stops_no_other_and_is_not_repeated() {
    let (world, workspace) = owing().await;
    world.refuse_letters_to(ANA.email, "MessageRejected", "Address is blacklisted.");
    world.refuse_letters_to(BEN.email, "BadRequestException", "Illegal address");
    for sent in [vec![CLEO.email], vec![]] {
        assert_eq!(send(&world, &[notice(workspace)]).await, Vec::<String>::new());
        assert_eq!(addressed(&world), sent);
        let _ = world.calls();
    }
    send(&world, &[notice(workspace)]).await;
    assert_eq!(world.calls().get("SendEmail"), None, "nothing is asked of SES again");
    fail_payment(&world, workspace, 2).await;
    send(&world, &[notice(workspace)]).await;
    assert_eq!(addressed(&world), [CLEO.email], "the next failed attempt is another letter");
}

/// Invariant 42.
#[tokio::test]
async fn a_failed_letter_is_repeated_without_the_others() {
    let (world, workspace) = owing().await;
    for _ in 0..3 {
        world.plan("SendEmail", Fault::ServerError);
    }
    assert_eq!(send(&world, &[notice(workspace)]).await, ["0"]);
    let first = addressed(&world);
    assert_eq!(first.len(), 2);
    world.wait(SENDING);
    assert_eq!(send(&world, &[notice(workspace)]).await, Vec::<String>::new());
    let rest = addressed(&world);
    assert!(rest.len() == 1 && !first.contains(&rest[0]), "{first:?} {rest:?}");
}

/// The operator can verify the sender and redrive the messages.
#[tokio::test]
async fn a_refused_sender_is_no_refused_recipient() {
    let (world, workspace) = owing().await;
    let unverified = "Email address is not verified. The following identities failed the check in region US-EAST-1: ";
    for person in [ANA, BEN, CLEO] {
        world.refuse_letters_to(person.email, "MessageRejected", &format!("{unverified}berth@example.com"));
    }
    assert_eq!(send(&world, &[notice(workspace)]).await, ["0"]);
    let (invitation, _) = world.invitation(workspace, &ANA, &testkit_dora(), Role::Member).await;
    world.refuse_letters_to("dora@example.com", "MessageRejected", &format!("{unverified}berth@example.com"));
    let body = json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": 1});
    assert_eq!(send(&world, &[body]).await, ["0"]);
}

fn testkit_dora() -> Person {
    Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true }
}

#[tokio::test]
async fn a_refused_invitation_is_marked_with_the_reason() {
    for (code, reason) in [("MessageRejected", "rejected"), ("BadRequestException", "invalid_address")] {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        let (bens, _) = world.invitation(workspace, &ANA, &BEN, Role::Member).await;
        let (cleos, _) = world.invitation(workspace, &ANA, &CLEO, Role::Member).await;
        let body = |invitation, version| json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": version});
        world.refuse_letters_to(BEN.email, code, "Address is blacklisted.");
        assert_eq!(send(&world, &[body(bens, 1), body(cleos, 1)]).await, Vec::<String>::new());
        assert_eq!(addressed(&world), [CLEO.email]);
        let stored = |name: &str| {
            world.items()[&(format!("WS#{workspace}"), format!("INVITE#{bens}"))].get(name).cloned().unwrap_or_default()
        };
        assert_eq!((stored("delivery"), stored("refusal")), (json!("failed"), json!(reason)));
        let _ = world.calls();
        assert_eq!(send(&world, &[body(bens, 1)]).await, Vec::<String>::new());
        assert_eq!(world.calls().get("SendEmail"), None, "nothing is asked of SES again");
        // The inviter may send it again, such as after the address was taken off the list.
        resend_invitation(&world.store(), &ANA.caller(), workspace, bens, None).await.unwrap();
        assert_eq!((stored("delivery"), stored("refusal")), (json!("queued"), Value::Null));
        world.assert_counters_consistent("refused");
    }
}

#[tokio::test]
async fn owners_and_admins_get_one_letter_about_a_new_owner() {
    let (world, workspace) = owing().await;
    let operator = ActingOperator::named("Jane Doe".parse().unwrap(), "owner".to_owned());
    set_owner(&world.store(), &operator, workspace, &MemberCriterion::User(BEN.id())).await.unwrap();
    let items = world.items();
    let message = items.values().find(|item| item["message"]["kind"] == "owner_mail").unwrap()["message"].clone();
    assert_eq!(send(&world, std::slice::from_ref(&message)).await, Vec::<String>::new());
    let letters = world.letters();
    let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [ANA.email, BEN.email, CLEO.email]);
    assert!(letters[0].text.contains("\nben@example.com is now an owner of your workspace"), "{}", letters[0].text);
    assert!(letters[0].html.contains("contact support"));
    assert_eq!(send(&world, &[message]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
    let event = "evt_01M7YZMHG0QTRRHQ4QWPNBBZHX";
    let cleo = json!({"kind": "owner_mail", "workspace": workspace, "member": CLEO.id(), "event": event});
    assert_eq!(send(&world, &[cleo]).await, Vec::<String>::new());
    assert_eq!(world.letters(), [], "Cleo is no owner");
}

async fn set_profile(world: &World, person: &Person, language: Language, zone: &str) {
    let changes = ProfileChanges {
        language: Edit::Set(language),
        timezone: Edit::Set(zone.parse().unwrap()),
        ..ProfileChanges::default()
    };
    update_profile(&world.store(), &person.caller(), &changes).await.unwrap();
}

#[tokio::test]
async fn admins_read_letters_in_their_language_and_zone() {
    let (world, workspace) = owing().await;
    world.overwrite(workspace, "META", "timezone", json!({"S": "Asia/Tokyo"}));
    set_profile(&world, &BEN, Language::De, "Europe/Berlin").await;
    assert_eq!(send(&world, &[notice(workspace)]).await, Vec::<String>::new());
    let letters = world.letters();
    let text_to = |person: &Person| &letters.iter().find(|letter| letter.to == person.email).unwrap().text;
    assert!(text_to(&ANA).contains("A payment failed") && text_to(&ANA).contains("(Asia/Tokyo, UTC+9)"));
    assert!(text_to(&BEN).contains("Eine Zahlung ist fehlgeschlagen"), "{}", text_to(&BEN));
    assert!(text_to(&BEN).contains("(Europe/Berlin, UTC+1)"), "{}", text_to(&BEN));
}

#[tokio::test]
async fn an_invitation_has_its_inviters_language_and_zone() {
    let (world, workspace) = owing().await;
    set_profile(&world, &CLEO, Language::De, "Europe/Berlin").await;
    let (invitation, _) = world.invitation(workspace, &ANA, &testkit_dora(), Role::Member).await;
    let body = |version| json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": version});
    assert_eq!(send(&world, &[body(1)]).await, Vec::<String>::new());
    assert_eq!(world.letters()[0].subject, "You are invited to join a workspace");
    resend_invitation(&world.store(), &CLEO.caller(), workspace, invitation, None).await.unwrap();
    assert_eq!(send(&world, &[body(2)]).await, Vec::<String>::new());
    let letter = world.letters().remove(0);
    assert_eq!(letter.subject, "Sie sind in einen Arbeitsbereich eingeladen");
    assert!(letter.text.contains("cleo@example.com lädt Sie") && letter.text.contains("(Europe/Berlin, UTC+1)"));
}

#[tokio::test]
async fn answers_to_letters_go_to_the_reply_address() {
    let (world, workspace) = owing().await;
    assert_eq!(send(&world, &[notice(workspace)]).await, Vec::<String>::new());
    assert!(world.letters().iter().all(|letter| letter.reply_to == json!(["help@example.com"])));
}

/// The members, then their profiles, once for all.
#[tokio::test]
async fn profiles_of_all_admins_are_one_read() {
    let (world, workspace) = owing().await;
    let _ = world.calls();
    assert_eq!(send(&world, &[notice(workspace)]).await, Vec::<String>::new());
    let calls = world.calls();
    assert_eq!((calls.get("Query"), calls.get("BatchGetItem")), (Some(&1), Some(&3)), "{calls:?}");
}
