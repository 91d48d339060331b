//! Batches: what is retried, in which order, and how many messages are handled at once.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use std::{cell::RefCell, future::pending, time::Duration};

/// Returns an event with messages of (group, body). The body is also the id.
fn event(messages: &[(&str, &str)]) -> SqsEvent {
    let mut event = SqsEvent::default();
    for (group, body) in messages {
        let mut message = SqsMessage::default();
        (message.message_id, message.body) = (Some((*body).to_owned()), Some((*body).to_owned()));
        message.attributes.insert("MessageGroupId".to_owned(), (*group).to_owned());
        event.records.push(message);
    }
    event
}

fn retried(response: SqsBatchResponse) -> Vec<String> {
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

fn fate(message: QueueMessage<'_>) -> Result<Handled, Unreadable> {
    match message.body.split('-').next() {
        Some("bad") => Err(Unreadable),
        Some("wait") => Ok(Handled::Again),
        _ => Ok(Handled::Done),
    }
}

#[tokio::test]
async fn failed_and_waiting_messages_are_retried() {
    let messages = [("a", "bad-1"), ("a", "good-1"), ("a", "wait-1"), ("a", "good-2")];
    for batch in [Batch::concurrent("test", event(&messages)), Batch::sequential("test", event(&messages))] {
        assert_eq!(retried(batch.handle(async |message| fate(message)).await), ["bad-1", "wait-1"]);
    }
    assert_eq!(retried(Batch::concurrent("test", event(&[])).handle(async |message| fate(message)).await), [""; 0]);
}

#[tokio::test]
async fn failed_message_delays_the_rest_of_its_group_only() {
    let messages = [("a", "good-1"), ("b", "good-2"), ("a", "bad-1"), ("b", "good-3"), ("a", "good-4")];
    let handled = RefCell::new(Vec::new());
    let batch = Batch::in_groups("test", event(&messages), 1);
    let response = batch.handle(async |message| {
        handled.borrow_mut().push(message.id.to_owned());
        fate(message)
    });
    assert_eq!(retried(response.await), ["bad-1", "good-4"]);
    assert_eq!(handled.into_inner(), ["good-1", "bad-1", "good-2", "good-3"]);
}

#[tokio::test(start_paused = true)]
async fn groups_are_limited_and_the_others_are_not() {
    let messages = [("a", "1"), ("b", "2"), ("c", "3")];
    let batches = [
        (Batch::concurrent("test", event(&messages)), 3),
        (Batch::sequential("test", event(&messages)), 1),
        (Batch::in_groups("test", event(&messages), 2), 2),
    ];
    for (batch, most) in batches {
        let begun = RefCell::new(0);
        let hanging = batch.handle(async |_| {
            *begun.borrow_mut() += 1;
            pending::<Result<Handled, Unreadable>>().await
        });
        tokio::time::timeout(Duration::from_secs(1), hanging).await.unwrap_err();
        assert_eq!(begun.into_inner(), most);
    }
}

#[test]
fn message_is_parsed_or_unreadable() {
    let message = QueueMessage { id: "1", body: "[1,2]" };
    assert_eq!(message.parse::<Vec<u8>>(), Ok(vec![1, 2]));
    assert_eq!(message.parse::<String>(), Err(Unreadable));
}
