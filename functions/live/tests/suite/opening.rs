//! Who gets in, how often, and what is left afterwards.

use super::stage::Stage;
use domain::live::connection::MOST_CONNECTIONS;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    team,
    workspace::{self, OtherMembers},
};
use testkit::{ANA, BEN, CLEO, Fault, World};

/// Invariant 54.
#[tokio::test]
async fn tickets_open_one_connection_within_half_a_minute() {
    let stage = Stage::set(World::default()).await;
    let verified = stage.asked(&stage.ticket(&BEN).await).await.unwrap();
    assert_eq!(stage.enter("first", verified.clone()).await.1, 200);
    assert_eq!(stage.enter("second", verified.clone()).await.1, 401, "the ticket was used");
    let ticket = stage.ticket(&BEN).await;
    let late = stage.asked(&ticket).await.unwrap();
    stage.world.wait(SignedDuration::from_secs(30));
    assert_eq!(stage.asked(&ticket).await, None, "it has expired");
    assert_eq!(stage.enter("late", late).await.1, 401);
    assert_eq!(stage.stored().len(), 1);
}

/// Invariant 54.
#[tokio::test]
async fn thirty_parallel_uses_of_a_ticket_open_one_connection() {
    let stage = Stage::set(World::default()).await;
    let verified = stage.asked(&stage.ticket(&BEN).await).await.unwrap();
    let uses = (0..30).map(|number| stage.enter_as(number, verified.clone()));
    let statuses = join_all(uses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(stage.stored().len(), 1);
}

/// Invariant 54.
#[tokio::test]
async fn used_tickets_stay_used_after_their_connection_was_closed() {
    let stage = Stage::set(World::default()).await;
    let verified = stage.asked(&stage.ticket(&BEN).await).await.unwrap();
    let (client, _) = stage.enter("first", verified.clone()).await;
    stage.leave(&client).await;
    assert_eq!(stage.enter("second", verified).await.1, 401);
    let longer = stage.connect(&BEN, "third").await;
    stage.world.wait(SignedDuration::from_secs(31));
    stage.leave(&longer).await;
    assert_eq!(stage.stored().len(), 1, "only the place of the first ticket is kept");
}

/// Invariant 54.
#[tokio::test]
async fn used_tickets_stay_used_after_their_connection_was_replaced() {
    let stage = Stage::set(World::default()).await;
    let verified = stage.asked(&stage.ticket(&BEN).await).await.unwrap();
    assert_eq!(stage.enter("first", verified.clone()).await.1, 200);
    for number in 0..MOST_CONNECTIONS {
        stage.world.wait(SignedDuration::from_secs(1));
        stage.connect(&BEN, &format!("c{number}=")).await;
    }
    assert_eq!(stage.enter("again", verified).await.1, 401);
    assert!(stage.world.pushed("c0=").is_some(), "nothing was replaced for it");
}

#[tokio::test]
async fn forged_tickets_are_refused() {
    let stage = Stage::set(World::default()).await;
    let ticket = stage.ticket(&BEN).await;
    let other = ticket.replace(&BEN.id().to_string(), &ANA.id().to_string());
    assert_ne!(ticket, other);
    for forged in ["", "x", "a.b.c.d.e", &other, &ticket[..ticket.len() - 1], &format!("{ticket}A")] {
        assert_eq!(stage.asked(forged).await, None, "{forged}");
    }
    // Events without what the authorizer verified, and of another shape.
    for verified in [Value::Null, json!({}), json!({"workspace": stage.id, "user": "x", "ticket": "y", "until": "z"})] {
        let event = json!({"requestContext": {"connectionId": "c", "eventType": "CONNECT", "authorizer": verified}});
        let refused = serde_json::from_value(event.clone()).map(|event| stage.live.handle(event));
        if let Ok(answer) = refused {
            assert_eq!(answer.await, live::LiveAnswer::Status { status_code: 400 }, "{event}");
        }
    }
    assert_eq!(stage.stored(), Vec::<String>::new());
}

/// Invariant 55.
#[tokio::test]
async fn those_who_left_meanwhile_do_not_get_in() {
    let stage = Stage::set(World::default()).await;
    let [ben, cleo] =
        [stage.asked(&stage.ticket(&BEN).await).await.unwrap(), stage.asked(&stage.ticket(&CLEO).await).await.unwrap()];
    team::remove_member(&stage.world.store(), &ANA.caller(), stage.id, BEN.id()).await.unwrap();
    assert_eq!(stage.enter("ben", ben).await.1, 401);
    workspace::delete_workspace(&stage.world.store(), &ANA.caller(), stage.id, OtherMembers::Include).await.unwrap();
    assert_eq!(stage.enter("cleo", cleo).await.1, 401);
    assert_eq!(stage.stored(), Vec::<String>::new());
}

#[tokio::test]
async fn one_connection_too_many_replaces_the_oldest() {
    let stage = Stage::set(World::default()).await;
    let mut clients = Vec::new();
    for number in 0..=MOST_CONNECTIONS {
        clients.push(stage.connect(&BEN, &format!("c{number}=")).await);
        stage.world.wait(SignedDuration::from_secs(1));
    }
    assert_eq!(stage.world.pushed("c0="), None, "it was ended");
    assert!(clients[1..].iter().all(|client| stage.world.pushed(&client.id).is_some()));
    assert_eq!(stage.stored().len(), MOST_CONNECTIONS + 1, "the place of its ticket is kept as long as that is good");
    stage.world.wait(SignedDuration::from_secs(30));
    stage.sweep().await;
    assert_eq!(stage.stored().len(), MOST_CONNECTIONS);
    let other = stage.connect(&CLEO, "other").await;
    assert!(stage.world.pushed(&other.id).is_some() && stage.world.pushed("c1=").is_some(), "Cleo's are her own");
}

#[tokio::test]
async fn failures_let_nobody_in_and_can_be_repeated() {
    let stage = Stage::set(World::default()).await;
    let verified = stage.asked(&stage.ticket(&BEN).await).await.unwrap();
    stage.world.plan("TransactWriteItems", Fault::LoseRequest);
    stage.world.plan("TransactWriteItems", Fault::LoseRequest);
    stage.world.plan("TransactWriteItems", Fault::LoseRequest);
    assert_eq!(stage.enter("first", verified.clone()).await.1, 503);
    assert_eq!(stage.enter("second", verified).await.1, 200);
}
