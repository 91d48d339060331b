//! Messages of clients, and their answers.

use super::stage::Stage;
use domain::{
    identity::access::Role,
    ids::NotificationId,
    live::connection::{MESSAGE_BYTES, MESSAGES_A_MINUTE},
    notifications::happening::Happening,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, World};

fn joined() -> Happening {
    Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member }
}

#[tokio::test]
async fn subscribing_answers_with_what_is_new_and_the_counts() {
    let stage = Stage::set(World::default()).await;
    let client = stage.connect(&ANA, "a").await;
    let [state] = stage.say(&client, &json!({"action": "subscribe"})).await.try_into().unwrap();
    let seq = state["seq"].as_u64().unwrap();
    assert_eq!((state["type"].as_str(), state["complete"].as_bool()), (Some("state"), Some(true)));
    assert_eq!(state["notifications"].as_array().unwrap().len(), usize::try_from(seq).unwrap());
    let [known] = stage.say(&client, &json!({"action": "subscribe", "since": seq})).await.try_into().unwrap();
    assert_eq!((&known["notifications"], &known["unread_count"]), (&json!([]), &state["unread_count"]));
    let id = stage.happen(joined(), None).await;
    stage.got(&client);
    let [newer] = stage.say(&client, &json!({"action": "subscribe", "since": seq})).await.try_into().unwrap();
    let new: Vec<_> = newer["notifications"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!((new, newer["seq"].as_u64()), (vec![json!(id)], Some(seq + 1)));
}

#[tokio::test]
async fn marking_answers_and_reaches_the_members_other_connections() {
    let stage = Stage::set(World::default()).await;
    let [one, other, ben] =
        [stage.listen(&ANA, "one").await, stage.listen(&ANA, "other").await, stage.listen(&BEN, "ben").await];
    let id = stage.happen(joined(), None).await;
    for client in [&one, &other, &ben] {
        assert_eq!(stage.types(client), ["notification"]);
    }
    let [marked] = stage.say(&one, &json!({"action": "markAsRead", "id": id})).await.try_into().unwrap();
    assert_eq!((&marked["type"], &marked["notification"]["id"]), (&json!("marked"), &json!(id)));
    assert!(marked["notification"]["read_at"].is_string());
    let [unread] = stage.got(&other).try_into().unwrap();
    assert_eq!(unread["type"], "unread");
    assert_eq!((&unread["rev"], &unread["unread_count"]), (&marked["rev"], &marked["unread_count"]));
    assert_eq!(stage.got(&ben), Vec::<Value>::new(), "it is Ana's inbox");
}

#[tokio::test]
async fn who_unsubscribes_gets_nothing_more() {
    let stage = Stage::set(World::default()).await;
    let client = stage.listen(&ANA, "a").await;
    let [answer] = stage.say(&client, &json!({"action": "unsubscribe"})).await.try_into().unwrap();
    assert_eq!(answer, json!({"type": "unsubscribed"}));
    stage.happen(joined(), None).await;
    assert_eq!(stage.got(&client), Vec::<Value>::new());
}

#[tokio::test]
async fn wrong_messages_are_refused_with_what_to_do() {
    let stage = Stage::set(World::default()).await;
    let client = stage.listen(&ANA, "a").await;
    stage.world.changes();
    let large = json!({"action": "subscribe", "since": 0, "x": "y".repeat(MESSAGE_BYTES)}).to_string();
    for (text, code) in [
        ("", "invalid_message"),
        ("nonsense", "invalid_message"),
        ("[]", "invalid_message"),
        (r#"{"action":"subscribe","since":-1}"#, "invalid_message"),
        (r#"{"action":"subscribe","more":1}"#, "invalid_message"),
        (r#"{"action":"markAsRead"}"#, "invalid_message"),
        (r#"{"action":"markAsRead","id":"ntf_x"}"#, "invalid_message"),
        (r#"{"action":"connect"}"#, "invalid_message"),
        (large.as_str(), "message_too_large"),
    ] {
        assert_eq!(stage.send(&client, text).await, 200);
        let [answer] = stage.got(&client).try_into().unwrap();
        assert_eq!((&answer["type"], &answer["code"]), (&json!("refused"), &json!(code)), "{text:.60}");
    }
    let unknown = json!({"action": "markAsRead", "id": NotificationId::NIL});
    assert_eq!(stage.say(&client, &unknown).await[0]["code"], "notification_not_found");
}

#[tokio::test]
async fn pings_have_no_answer() {
    let stage = Stage::set(World::default()).await;
    let client = stage.listen(&ANA, "a").await;
    assert_eq!(stage.say(&client, &json!({"action": "ping"})).await, Vec::<Value>::new());
    stage.happen(joined(), None).await;
    assert_eq!(stage.types(&client), ["notification"], "it still listens");
}

#[tokio::test]
async fn floods_of_messages_end_their_connection() {
    let stage = Stage::set(World::default()).await;
    let client = stage.connect(&ANA, "a").await;
    for minute in 0..2 {
        for _ in 0..MESSAGES_A_MINUTE {
            let answers = stage.say(&client, &json!({"action": "unsubscribe"})).await;
            assert_eq!(answers.len(), 1, "minute {minute}");
        }
        stage.world.wait(SignedDuration::from_mins(1));
    }
    for _ in 0..MESSAGES_A_MINUTE {
        stage.say(&client, &json!({"action": "unsubscribe"})).await;
    }
    assert_eq!(stage.send(&client, r#"{"action":"unsubscribe"}"#).await, 200);
    assert_eq!((stage.world.pushed(&client.id), stage.stored()), (None, vec![]), "it was ended");
    assert_eq!(stage.send(&client, r#"{"action":"subscribe"}"#).await, 200, "and stays so");
}
