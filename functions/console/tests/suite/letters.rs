//! Letters that came back.

use super::stage::Stage;
use domain::{identity::access::Role, notifications::recipient::Recipient, team::invitation::Returned};
use jiff::SignedDuration;
use mail::LetterReference;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, plan};
use workers::{notifications::mark_member_returned, team::mark_letter_returned};

async fn letters(stage: &Stage, query: &str) -> Vec<Value> {
    let answer = stage.get(&format!("/operator/letters?{query}")).await;
    answer.body["letters"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

#[tokio::test]
async fn letters_of_a_workspace_and_to_an_address_are_listed() {
    let stage = Stage::set().await;
    let (world, workspace) = (&stage.world, stage.workspace);
    world.subscribe(workspace, plan("business")).await;
    let invitation = world.invitation(workspace, &ANA, &CLEO, Role::Viewer).await.0;
    let other = world.workspace_of(&CLEO).await;
    let of_workspace = format!("workspace={workspace}");
    assert!(letters(&stage, &of_workspace).await.is_empty());

    let deps = world.mailer_deps();
    let about = LetterReference { workspace, invitation, version: 1 };
    mark_letter_returned(&deps, about, Returned::Bounced).await.unwrap();
    let ben = Recipient::of(&BEN.email.parse().unwrap());
    let at = world.clock.now();
    mark_member_returned(&deps, workspace, BEN.id(), &ben, Returned::Complained).await.unwrap();

    let cleos =
        json!({"email": CLEO.email, "workspace": workspace, "what": "invitation", "kind": "bounced", "at": null});
    let bens = json!({"email": BEN.email, "workspace": workspace, "what": "member", "kind": "complained", "at": at});
    assert_eq!(letters(&stage, &of_workspace).await, [cleos.clone(), bens.clone()]);
    assert_eq!(letters(&stage, "email=CLEO%40example.com").await, [cleos]);
    let mut mailbox = bens;
    (mailbox["workspace"], mailbox["email"]) = (Value::Null, json!("Ben+x@example.com"));
    assert_eq!(letters(&stage, "email=Ben%2Bx%40example.com").await, [mailbox], "the mailbox of all spellings");
    assert!(letters(&stage, "email=ana%40example.com").await.is_empty());
    assert!(letters(&stage, &format!("workspace={other}")).await.is_empty(), "of no other workspace");
    let answer = stage.get("/operator/letters?workspace=ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (404, "workspace_not_found"));
}

/// Addresses of tokens and of older invitations may be none that would be accepted today.
#[tokio::test]
async fn letters_to_an_unusual_address_are_listed() {
    let stage = Stage::set().await;
    for address in ["ben@a_b.example", "ben@192.0.2.1"] {
        assert!(letters(&stage, &format!("email={address}")).await.is_empty(), "{address}");
    }
    let answer = stage.get("/operator/letters?email=ben").await;
    assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["email"]));
}

/// Letters are sent again when the time of the record is over, also where the table has not deleted it yet.
#[tokio::test]
async fn mailbox_whose_time_is_over_is_not_listed() {
    let stage = Stage::set().await;
    let ben = Recipient::of(&BEN.email.parse().unwrap());
    mark_member_returned(&stage.world.mailer_deps(), stage.workspace, BEN.id(), &ben, Returned::Bounced).await.unwrap();
    let queries = [format!("workspace={}", stage.workspace), "email=ben%40example.com".to_owned()];
    for (days, listed) in [(89, 1), (2, 0)] {
        stage.world.wait(SignedDuration::from_hours(24 * days));
        for query in &queries {
            assert_eq!(letters(&stage, query).await.len(), listed, "{query}");
        }
    }
}

/// A former member's mailbox is not one of the workspace any more.
#[tokio::test]
async fn former_members_have_no_letters_in_the_workspace() {
    let stage = Stage::set().await;
    let ben = Recipient::of(&BEN.email.parse().unwrap());
    let deps = stage.world.mailer_deps();
    mark_member_returned(&deps, stage.workspace, BEN.id(), &ben, Returned::Bounced).await.unwrap();
    let of_workspace = format!("workspace={}", stage.workspace);
    assert_eq!(letters(&stage, &of_workspace).await.len(), 1);
    shared::team::remove_member(&stage.world.store(), &ANA.caller(), stage.workspace, BEN.id()).await.unwrap();
    assert!(letters(&stage, &of_workspace).await.is_empty());
}
