//! How events leave a stand-in: sent to its webhook, or taken by a test.

use super::Standin;
use crate::delivery::{Delivered, Delivery, Letter, Outcome, sign};
use jiff::Timestamp;
use std::{sync::PoisonError, time::Duration};

impl Standin {
    /// Every try to deliver an event so far, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivered> {
        self.world().mailbox.tries.clone()
    }

    /// How many events wait to be delivered.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.world().mailbox.waiting()
    }

    /// Takes what is due, signed, in place of a webhook.
    #[must_use]
    pub fn take(&self) -> Vec<Delivery> {
        let now = self.now();
        self.take_until(now)
    }

    /// Takes everything that waits, whether it is due or not.
    #[must_use]
    pub fn take_all(&self) -> Vec<Delivery> {
        self.take_until(Timestamp::MAX)
    }

    fn take_until(&self, until: Timestamp) -> Vec<Delivery> {
        let wall = (self.shared.wall)();
        let mut world = self.world();
        let now = world.state.now;
        let letters = world.mailbox.take_due(until);
        let valid = world.secrets.valid(now);
        let delivery = |letter: &Letter| Delivery {
            event_id: letter.event_id.clone(),
            event_type: letter.event_type.to_owned(),
            body: letter.body.to_vec(),
            signature: sign(&valid, wall, &letter.body),
        };
        let taken = letters.iter().map(delivery).collect();
        for letter in letters {
            world.settle(letter, Outcome::Taken);
        }
        taken
    }

    /// Sends everything that waits, once, and says how much still waits after it.
    pub async fn flush(&self) -> usize {
        self.deliver(Timestamp::MAX).await;
        self.waiting()
    }

    /// Sends what is due until then.
    pub(crate) async fn deliver(&self, until: Timestamp) {
        let _sending = self.shared.sending.lock().await;
        let sender = self.shared.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(sender) = sender else { return };
        let letters = self.world().mailbox.take_due(until);
        for letter in letters {
            let signature = {
                let world = self.world();
                sign(&world.secrets.valid(world.state.now), (self.shared.wall)(), &letter.body)
            };
            let outcome = sender.send(letter.body.clone(), &signature).await;
            self.world().settle(letter, outcome);
        }
    }

    /// Sends what falls due, for ever.
    pub(crate) async fn deliver_for_ever(self) {
        /// How soon something is noticed that time alone brings about.
        const GLANCE: Duration = Duration::from_millis(250);
        loop {
            self.deliver(self.now()).await;
            // Whichever comes first: something was posted, or time has passed.
            let _ = tokio::time::timeout(GLANCE, self.shared.posted.notified()).await;
        }
    }
}
