//! The mailer: sends the e-mail of a message, with its link, as long as the message is current.

use aws_lambda_events::event::sqs::SqsEvent;
use domain::{
    billing::account::Billing,
    billing::subscription::{Period, Status, Subscription},
    command::Expected,
    identity::access::Role,
    ids::{InvitationId, WorkspaceId},
    integrations::reach::Ports,
    integrations::{Config, IntegrationSettings, IntegrationType, Occurrence},
    plans::money::Interval,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    integrations,
    team::{PresentedInvitation, accept_invitation, resend_invitation},
};
use store::notifications::sent_letters::SENDING;
use testkit::{ANA, BEN, Behaviour, CLEO, Fault, Request, World, plan};

/// Creates a world with an invitation for Ben, and returns its token.
async fn invited() -> (World, WorkspaceId, InvitationId, String) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    let (invitation, token) = world.invitation(workspace, &ANA, &BEN, Role::Member).await;
    (world, workspace, invitation, token)
}

fn message(workspace: WorkspaceId, invitation: InvitationId, version: u64) -> Value {
    json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": version})
}

/// Sends a batch of these bodies and returns the numbers of those that failed.
async fn send(world: &World, bodies: &[Value]) -> Vec<String> {
    let event: SqsEvent = serde_json::from_value(Request::batch("mailer/invitation", bodies)).unwrap();
    let response = mailer::send(&world.mailer_deps(), event).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn the_letter_carries_the_link_and_twice_the_same() {
    let (world, workspace, invitation, token) = invited().await;
    let body = message(workspace, invitation, 1);
    assert_eq!(send(&world, &[body.clone(), body]).await, Vec::<String>::new());
    let letters = world.letters();
    assert_eq!((letters.len(), letters[0].to.as_str()), (2, "ben@example.com"));
    assert_eq!(letters[0], letters[1]);
    let link = letters[0].text.lines().find(|line| line.starts_with("https://")).unwrap();
    let encoded = link.strip_prefix("https://app.example.com/signup?invite=").unwrap();
    assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%'), "{encoded}");
    assert_eq!(encoded.replace("%2E", ".").replace("%5F", "_").replace("%2D", "-"), token);
}

fn returned(workspace: WorkspaceId, invitation: InvitationId, version: u64, (event, bounce): (&str, &str)) -> Value {
    let version = version.to_string();
    json!({"kind": "mail_returned", "event": event, "bounce": bounce, "workspace": workspace, "invitation": invitation, "version": version})
}

fn delivery(world: &World) -> Value {
    world.items().into_values().find(|item| item["_type"] == "invitation").unwrap()["returned"].clone()
}

#[tokio::test]
async fn a_letter_says_what_it_is_about_to_ses_and_has_both_parts() {
    let (world, workspace, invitation, _) = invited().await;
    send(&world, &[message(workspace, invitation, 1)]).await;
    let letter = world.letters().remove(0);
    let tag = |name: &str, value: String| json!({"Name": name, "Value": value});
    let tags = [
        tag("workspace", workspace.to_string()),
        tag("invitation", invitation.to_string()),
        tag("version", "1".to_owned()),
    ];
    assert_eq!(letter.tags, json!(["berth-mail", tags]));
    assert!(letter.html.contains("<a class=\"button\" href=") && !letter.text.contains('<'));
}

#[tokio::test]
async fn returned_letter_marks_its_invitation_without_a_record() {
    for (how, mark) in [
        (("Bounce", "Permanent"), json!("bounced")),
        (("Complaint", ""), json!("complained")),
        (("Bounce", "Transient"), Value::Null),
        (("Bounce", "Undetermined"), Value::Null),
    ] {
        let (world, workspace, invitation, _) = invited().await;
        let records = world.items().values().filter(|item| item["_type"] == "audit").count();
        let body = returned(workspace, invitation, 1, how);
        assert_eq!(send(&world, &[body.clone(), body]).await, Vec::<String>::new());
        assert_eq!(delivery(&world), mark, "{how:?}");
        assert_eq!(world.items().values().filter(|item| item["_type"] == "audit").count(), records);
        world.assert_counters_consistent("marked");
    }
}

#[tokio::test]
async fn only_the_version_whose_letter_came_back_is_marked() {
    let (world, workspace, invitation, _) = invited().await;
    world.changes();
    let gone = [
        returned(workspace, invitation, 2, ("Bounce", "Permanent")),
        returned(workspace, InvitationId::NIL, 1, ("Bounce", "Permanent")),
        returned(WorkspaceId::NIL, invitation, 1, ("Complaint", "")),
    ];
    assert_eq!(send(&world, &gone).await, Vec::<String>::new());
    world.assert_nothing_written();
    send(&world, &[returned(workspace, invitation, 1, ("Bounce", "Permanent"))]).await;
    let again = resend_invitation(&world.store(), &ANA.caller(), workspace, invitation, None).await;
    assert!(again.is_ok());
    assert_eq!(delivery(&world), Value::Null, "sent again, and nothing has come back");
    let poison = [
        returned(workspace, invitation, 2, ("Delivery", "")),
        json!({"kind": "mail_returned", "event": "Bounce"}),
        json!({"kind": "mail_returned", "event": "Complaint", "bounce": "", "workspace": workspace, "invitation": invitation, "version": "x"}),
    ];
    assert_eq!(send(&world, &poison).await, ["0", "1", "2"]);
    let sample: SqsEvent = serde_json::from_value(Request::sample("mailer/returned")).unwrap();
    assert_eq!(mailer::send(&world.mailer_deps(), sample).await.batch_item_failures.len(), 0);
}

#[tokio::test]
async fn outdated_messages_are_not_mailed() {
    let (world, workspace, invitation, token) = invited().await;
    let outdated = [
        message(workspace, invitation, 2),
        message(workspace, InvitationId::NIL, 1),
        message(WorkspaceId::NIL, invitation, 1),
    ];
    assert_eq!(send(&world, &outdated).await, Vec::<String>::new());
    world.wait(SignedDuration::from_hours(7 * 24));
    assert_eq!(send(&world, &[message(workspace, invitation, 1)]).await, Vec::<String>::new());
    world.wait(SignedDuration::from_hours(-24));
    accept_invitation(
        &world.store(),
        &world.invitation_key(),
        &BEN.caller(),
        PresentedInvitation::Token(token.parse().unwrap()),
        None,
    )
    .await
    .unwrap();
    assert_eq!(send(&world, &[message(workspace, invitation, 1)]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
}

#[tokio::test]
async fn admins_are_notified_while_the_integration_is_disabled() {
    let (world, workspace, ..) = invited().await;
    let config = json!({"url": "https://hooks.example.com/"});
    let config = Config::read(IntegrationType::Webhook, config.as_object().unwrap(), &Ports::default()).unwrap();
    let wanted =
        IntegrationSettings { name: None, config, secret: Some("0123456789abcdef".parse().unwrap()), events: None };
    let (store, secrets) = (world.store(), world.integration_secrets());
    integrations::set_up_integration(&store, &secrets, &ANA.caller(), workspace, wanted, &Expected::Any).await.unwrap();
    world.receivers.plan(Behaviour::Status(410));
    let what = domain::integrations::delivery::NewEvent {
        id: store.ambient().fresh(),
        occurrence: Occurrence::RuntimeStarted { generation: 1 },
        at: world.clock.now(),
    };
    workers::integrations::deliver_event(&world.delivery_deps(), workspace, what, "test").await.unwrap();

    let body = |version: u64| json!({"kind": "integration_mail", "workspace": workspace, "integration": "webhook", "version": version});
    assert_eq!(send(&world, &[body(1), body(3)]).await, Vec::<String>::new());
    assert_eq!(world.letters(), [], "the message is of another version");
    assert_eq!(send(&world, &[body(2)]).await, Vec::<String>::new());
    let letters = world.letters();
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "ana@example.com"), "Ben is only invited");
    assert!(letters[0].text.contains("Webhook") && letters[0].text.contains("410"), "{}", letters[0].text);
    let page = format!("\nhttps://app.example.com/w/{workspace}/settings/integrations\n");
    assert!(letters[0].text.contains(&page), "{}", letters[0].text);
    let kind = IntegrationType::Webhook;
    integrations::enable_integration(&store, &ANA.caller(), (workspace, kind), None).await.unwrap();
    assert_eq!(send(&world, &[body(2)]).await, Vec::<String>::new());
    assert_eq!(world.letters(), [], "the integration is enabled again");
}

/// Invariant 27.
#[tokio::test]
async fn a_poison_message_fails_alone() {
    let (world, workspace, invitation, _) = invited().await;
    let poison = [json!({}), json!({"kind": "bribe"}), json!([1]), json!("x")];
    let bodies: Vec<_> = poison.into_iter().chain([message(workspace, invitation, 1)]).collect();
    assert_eq!(send(&world, &bodies).await, ["0", "1", "2", "3"]);
    assert_eq!(world.letters().len(), 1);
    let samples: SqsEvent = serde_json::from_value(Request::sample("mailer/poison")).unwrap();
    assert_eq!(mailer::send(&world.mailer_deps(), samples).await.batch_item_failures.len(), 1);
}

/// Invariant 27.
#[tokio::test(start_paused = true)]
async fn hanging_letter_delays_no_other() {
    let (world, workspace, invitation, _) = invited().await;
    (0..30).for_each(|_| world.plan("SendEmail", Fault::Hang));
    let bodies: Vec<_> = (0..10).map(|_| message(workspace, invitation, 1)).collect();
    let started = tokio::time::Instant::now();
    assert_eq!(send(&world, &bodies).await.len(), 10);
    assert!(started.elapsed().as_secs() < 20, "the batch is answered before the function's timeout of 30 s");
    assert_eq!(send(&world, &bodies).await, Vec::<String>::new());
    assert_eq!(world.letters().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_letter_that_is_not_taken_comes_again() {
    for (operation, fault) in [
        ("SendEmail", Fault::ServerError),
        ("SendEmail", Fault::TimeOut),
        ("BatchGetItem", Fault::Throttle),
        ("GetSecretValue", Fault::ServerError),
    ] {
        let (world, workspace, invitation, _) = invited().await;
        (0..3).for_each(|_| world.plan(operation, fault));
        let body = message(workspace, invitation, 1);
        assert_eq!(send(&world, std::slice::from_ref(&body)).await, ["0"], "{operation}");
        assert_eq!(send(&world, &[body]).await, Vec::<String>::new(), "{operation}");
        assert_eq!(world.letters().len(), 1, "{operation}");
    }
}

#[tokio::test]
async fn owners_and_admins_get_billing_notices_while_they_apply() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.join(workspace, &ANA, &BEN, Role::Member).await;
    world.join(workspace, &ANA, &CLEO, Role::Admin).await;
    let store = world.store();
    let now = world.clock.now();
    let subscription = |status| Subscription {
        id: "sub_1".to_owned(),
        paid_plan: plan("pro").reference(),
        interval: Interval::Month,
        currency: None,
        status,
        period: Period { start: now, end: now + SignedDuration::from_hours(48) },
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: Some(now + SignedDuration::from_hours(48)),
        grace_until: Some(now + SignedDuration::from_hours(24)),
        scheduled: None,
        first_payment: None,
        seats: None,
        addons: domain::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        collection_paused: false,
        pending_change: None,
    };
    let body = |notice: &str| json!({"kind": "billing_mail", "workspace": workspace, "notice": notice});
    let all = ["payment_failed", "trial_ending", "plan_lapsed"].map(body);
    let mut said = Vec::new();
    for (version, status) in (1..).zip([Status::Active, Status::PastDue, Status::Trialing, Status::Unpaid]) {
        let billing = Billing { version, subscription: Some(subscription(status)), ..Billing::default() };
        store.set_billing(workspace, &billing).await.unwrap();
        assert_eq!(send(&world, &all).await, Vec::<String>::new());
        let letters = world.letters();
        let addresses: std::collections::BTreeSet<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert!(letters.is_empty() || addresses.into_iter().eq(["ana@example.com", "cleo@example.com"]), "{status:?}");
        let page = format!("https://app.example.com/w/{workspace}/settings/billing");
        assert!(letters.iter().all(|letter| letter.text.contains(&page)));
        assert!(letters.iter().all(|letter| letter.html.contains(&page)));
        let mut first: Vec<_> = letters.iter().filter_map(|letter| letter.text.lines().nth(2)).collect();
        first.sort_unstable();
        first.dedup();
        said.push(format!("{status:?}: {}", first.join(" | ")));
    }
    insta::assert_snapshot!(said.join("\n"));
    // A deleted workspace gets no e-mails.
    assert_eq!(
        send(&world, &[json!({"kind": "billing_mail", "workspace": WorkspaceId::NIL, "notice": "plan_lapsed"})]).await,
        Vec::<String>::new()
    );
    assert_eq!(world.letters(), []);
}

#[tokio::test]
async fn suspended_workspace_mails_no_invitations() {
    let (world, workspace, invitation, _) = invited().await;
    world.suspend(workspace, "Spam").await;
    assert_eq!(send(&world, &[message(workspace, invitation, 1)]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
}

fn suspension(workspace: WorkspaceId, version: u64) -> Value {
    json!({"kind": "suspension_mail", "workspace": workspace, "version": version})
}

/// Creates a world with a suspended workspace that has two owners and an admin.
async fn suspended() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.subscribe(workspace, plan("business")).await;
    world.join(workspace, &ANA, &BEN, Role::Owner).await;
    world.join(workspace, &ANA, &CLEO, Role::Admin).await;
    world.suspend(workspace, "Spam <b>and</b> more").await;
    (world, workspace)
}

fn addressed(world: &World) -> Vec<String> {
    let mut addresses: Vec<_> = world.letters().into_iter().map(|letter| letter.to).collect();
    addresses.sort_unstable();
    addresses
}

#[tokio::test]
async fn each_owner_gets_the_letter_once_though_it_comes_twice() {
    let (world, workspace) = suspended().await;
    let body = suspension(workspace, 1);
    send(&world, std::slice::from_ref(&body)).await;
    let letters = world.letters();
    let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [ANA.email, BEN.email]);
    for letter in &letters {
        assert!(letter.text.contains("was suspended"), "{}", letter.text);
        assert!(letter.text.contains(&format!("\nhttps://app.example.com/w/{workspace}\n")), "{}", letter.text);
        assert!(letter.text.contains("Spam <b>and</b> more") && !letter.html.contains("<b>"), "{}", letter.html);
    }
    // A later repetition, twice concurrently.
    world.wait(SignedDuration::from_hours(24));
    assert_eq!(send(&world, &[body.clone(), body]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
}

#[tokio::test]
async fn two_senders_at_once_send_one_letter() {
    let (world, workspace) = suspended().await;
    let body = suspension(workspace, 1);
    send(&world, &[body.clone(), body.clone(), body.clone()]).await;
    assert_eq!(addressed(&world), [ANA.email, BEN.email]);
    // The message that came too early is retried and finds the work done.
    world.wait(SignedDuration::from_mins(3));
    assert_eq!(send(&world, &[body]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
}

#[tokio::test]
async fn a_letter_that_was_not_sent_is_sent_when_it_comes_again() {
    let (world, workspace) = suspended().await;
    let body = suspension(workspace, 1);
    for _ in 0..3 {
        world.plan("SendEmail", Fault::ServerError);
    }
    assert_eq!(send(&world, std::slice::from_ref(&body)).await, ["0"]);
    assert_eq!(addressed(&world).len(), 1, "a failed e-mail does not affect the other owner's");
    // Too early: the sender that has claimed the e-mail may still be sending.
    assert_eq!(send(&world, std::slice::from_ref(&body)).await, ["0"]);
    assert_eq!(world.letters(), []);
    world.wait(SENDING);
    assert_eq!(send(&world, &[body]).await, Vec::<String>::new());
    assert_eq!(addressed(&world).len(), 1);
}

#[tokio::test]
async fn only_the_letter_about_the_current_state_is_sent() {
    let (world, workspace) = suspended().await;
    world.unsuspend(workspace).await;
    assert_eq!(send(&world, &[suspension(workspace, 1)]).await, Vec::<String>::new());
    assert_eq!(world.letters(), []);
    send(&world, &[suspension(workspace, 2)]).await;
    let letters = world.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].text.contains("is no longer suspended"), "{}", letters[0].text);
    assert!(letters[0].text.contains(&format!("\nhttps://app.example.com/w/{workspace}\n")), "{}", letters[0].text);
    // A deleted workspace has no recipients.
    world.suspend(workspace, "Fraud").await;
    world.overwrite(workspace, "META", "live", json!({"BOOL": false}));
    send(&world, &[suspension(workspace, 3)]).await;
    assert_eq!(world.letters(), []);
}
