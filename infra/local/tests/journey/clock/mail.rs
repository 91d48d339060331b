//! Ana's unread notifications are mailed: in a digest, after her quiet hours, not once she has unsubscribed, and to no mailbox
//! that returned a letter.

use super::{move_clock, now};
use crate::client::World;
use jiff::{SignedDuration, civil::time, tz::TimeZone};
use local::{aws::SQS, clock::wait_for};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

pub(crate) fn what_is_unread_is_mailed(world: &World, acme: &str) {
    world.call("PATCH", "/me").by(&world.ana).json(&json!({ "timezone": "UTC" })).send().ok(200);
    prefer(world, acme, &json!({ "email": { "team": "digest" } }));
    let begun = letters(world).len();
    cleo_joins(world, acme);
    cleo_joins(world, acme);
    assert_eq!(letters(world).len(), begun, "a digest waits for the morning");
    move_clock(world, until(world, 8));
    let digest = letter(world, begun);
    assert_eq!(digest.matches("Member joined").count(), 2, "{digest}");

    // It is eight in the morning.
    prefer(world, acme, &json!({ "email": { "team": "instant" }, "quiet_hours": { "from": "07:00", "to": "10:00" } }));
    cleo_joins(world, acme);
    move_clock(world, HOUR);
    assert_eq!(letters(world).len(), begun + 1, "it is quiet");
    move_clock(world, until(world, 10));
    let late = letter(world, begun + 1);
    assert!(late.contains("Member joined"), "{late}");

    let (_, rest) = late.split_once("/letters/stop/").expect("a link that stops these letters");
    let token = rest.split_whitespace().next().unwrap();
    assert_eq!(world.post(&format!("/letters/stop/{token}")).send().status, 200);
    cleo_joins(world, acme);
    move_clock(world, HOUR * 2);
    assert_eq!(letters(world).len(), begun + 2, "she has unsubscribed");

    let (recipient, _) = token.split_once('.').unwrap();
    let ana = world.get("/me").by(&world.ana).send().ok(200);
    comes_back(
        world,
        &json!({ "kind": "mail_returned", "event": "Bounce", "bounce": "Permanent", "workspace": acme,
        "invitation": "", "version": "", "member": ana.field("id"), "recipient": recipient }),
    );
    let notified = || {
        let seen = world.get("/notifications?type=team").by(&world.ana).to(acme).send().ok(200);
        let newest = seen.body["notifications"][0]["event"].clone();
        Ok::<_, Infallible>((newest == "mail.returned").then_some(()))
    };
    assert!(
        wait_for(Duration::from_secs(30), notified).unwrap().is_some(),
        "admins know that the mailbox returns letters"
    );
    move_clock(world, HOUR * 24);
    assert_eq!(letters(world).len(), begun + 2);
}

fn prefer(world: &World, acme: &str, changes: &Value) {
    world.post("/notifications/preferences").by(&world.ana).to(acme).json(changes).send().ok(200);
}

/// Cleo joins acme, Ana is notified, and Cleo leaves.
fn cleo_joins(world: &World, acme: &str) {
    let unread = || {
        let counts = world.get("/notifications/unread-count").by(&world.ana).to(acme).send().ok(200);
        counts.body["by_type"]["team"].as_u64().unwrap()
    };
    let before = unread();
    let body = json!({ "email": world.address("Cleo"), "role": "viewer" });
    let invited = world.post("/team/invite").by(&world.ana).to(acme).json(&body).send().ok(201);
    let accept = format!("/team/invitations/{}/accept", invited.field("id"));
    world.post(&accept).by(&world.stranger).to(acme).send().ok(200);
    let notified = wait_for(Duration::from_secs(30), || Ok::<_, Infallible>((unread() > before).then_some(())));
    assert!(notified.unwrap().is_some(), "Ana is notified");
    world.post("/team/leave").by(&world.stranger).to(acme).send().ok(204);
}

/// Returns the time until this hour of the day.
fn until(world: &World, hour: i8) -> SignedDuration {
    let now = now(world).to_zoned(TimeZone::UTC);
    let today = now.date().to_datetime(time(hour, 0, 0, 0)).to_zoned(TimeZone::UTC).unwrap();
    let next = if now < today { today } else { today.checked_add(HOUR * 24).unwrap() };
    next.timestamp().duration_since(now.timestamp())
}

/// Returns the texts of Ana's letters with notifications.
fn letters(world: &World) -> Vec<String> {
    let mails: Value = ureq::get(&world.outputs.mail_url).call().unwrap().body_mut().read_json().unwrap();
    let mails = mails["messages"].as_object().unwrap().values().flat_map(|mails| mails.as_array().unwrap());
    let mine = mails.filter(|mail| mail["To"].as_array().unwrap().contains(&json!(world.address("Ana"))));
    let texts = mine.map(|mail| mail["BodyText"].as_str().unwrap().to_owned());
    texts.filter(|text| text.contains("/settings/notifications")).collect()
}

/// Waits for the letter after the first `known`, of which there is only one.
fn letter(world: &World, known: usize) -> String {
    let found = wait_for(Duration::from_secs(30), || Ok::<_, Infallible>(letters(world).get(known).cloned()));
    let letter = found.unwrap().expect("a letter within half a minute");
    assert_eq!(letters(world).len(), known + 1);
    letter
}

/// Sends the mailer what EventBridge's rule makes of SES's report.
fn comes_back(world: &World, report: &Value) {
    let queues = world.aws.json(SQS, "ListQueues", &json!({})).unwrap();
    let mut urls = queues["QueueUrls"].as_array().unwrap().iter().map(|url| url.as_str().unwrap());
    let mail = urls.find(|url| url.contains("Mail") && !url.contains("Dead")).unwrap();
    world.aws.json(SQS, "SendMessage", &json!({ "QueueUrl": mail, "MessageBody": report.to_string() })).unwrap();
}
