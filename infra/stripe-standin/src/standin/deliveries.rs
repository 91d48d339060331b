//! Delivery of events: to the webhook, or to a test.

use super::Standin;
use crate::delivery::{Delivered, Delivery, Outcome, PendingEvent, sign};
use jiff::Timestamp;
use std::{sync::PoisonError, time::Duration};

impl Standin {
    /// Returns the attempts to deliver events, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivered> {
        self.world().mailbox.tries.clone()
    }

    /// Returns the number of pending events.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.world().mailbox.waiting()
    }

    /// Takes the due events, signed, in place of a webhook.
    #[must_use]
    pub fn take(&self) -> Vec<Delivery> {
        let now = self.now();
        self.take_until(now)
    }

    /// Takes all pending events, including those that are not due.
    #[must_use]
    pub fn take_all_deliveries(&self) -> Vec<Delivery> {
        self.take_until(Timestamp::MAX)
    }

    fn take_until(&self, until: Timestamp) -> Vec<Delivery> {
        let mut world = self.world();
        let (now, signed_at) = (world.state.now, self.signing_time(&world));
        let letters = world.mailbox.take_due(until);
        let valid = world.secrets.valid(now);
        let delivery = |letter: &PendingEvent| Delivery {
            event_id: letter.event_id.clone(),
            event_type: letter.event_type.to_owned(),
            body: letter.body.to_vec(),
            signature: sign(&valid, signed_at, &letter.body),
        };
        let taken = letters.iter().map(delivery).collect();
        for letter in letters {
            world.settle(letter, Outcome::Taken);
        }
        taken
    }

    /// Sends all pending events once and returns the number that is still pending.
    pub async fn flush(&self) -> usize {
        self.deliver(Timestamp::MAX).await;
        self.waiting()
    }

    /// Sends the events that are due by then.
    pub(crate) async fn deliver(&self, until: Timestamp) {
        let _sending = self.shared.sending.lock().await;
        let sender = self.shared.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else { return };
        let letters = self.world().mailbox.take_due(until);
        for letter in letters {
            let signature = {
                let world = self.world();
                sign(&world.secrets.valid(world.state.now), self.signing_time(&world), &letter.body)
            };
            let outcome = sender.send(letter.body.clone(), &signature).await;
            self.world().settle(letter, outcome);
        }
    }

    /// Sends events as they become due, until the program ends.
    pub(crate) async fn deliver_continuously(self) {
        /// Interval between checks for events that become due by time alone.
        const GLANCE: Duration = Duration::from_millis(250);
        loop {
            self.deliver(self.now()).await;
            // Waits for a posted event or the interval, whichever comes first.
            let _ = tokio::time::timeout(GLANCE, self.shared.posted.notified()).await;
        }
    }
}
