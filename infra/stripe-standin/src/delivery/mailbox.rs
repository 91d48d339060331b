//! Pending deliveries: their times and states. Stripe guarantees neither order nor a single delivery
//! (<https://docs.stripe.com/webhooks#event-delivery-behaviors>), and faults produce both on demand.

use super::{Delivered, DeliveryFaults, Outcome};
use crate::calendar::later;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// Time during which an event is retried (<https://docs.stripe.com/webhooks#automatic-retries>).
const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Delay before the first retry, and the factor by which it grows. Stripe documents only "exponential". The stand-in
/// begins with seconds, so that a function that is still starting causes no long wait.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(5);
const GROWTH: i32 = 4;

/// Event on its way to the webhook.
#[derive(Clone, Debug)]
pub(crate) struct PendingEvent {
    pub(crate) event_id: String,
    pub(crate) event_type: &'static str,
    pub(crate) body: Arc<[u8]>,
    posted: Timestamp,
    due: Timestamp,
    attempt: u32,
}

/// All pending events of the endpoint.
#[derive(Debug)]
pub(crate) struct Mailbox {
    pub(crate) faults: DeliveryFaults,
    random: Rng,
    waiting: Vec<PendingEvent>,
    pub(crate) tries: Vec<Delivered>,
}

impl Mailbox {
    pub(crate) fn new(seed: u64) -> Self {
        Self { faults: DeliveryFaults::default(), random: Rng::with_seed(seed), waiting: Vec::new(), tries: Vec::new() }
    }

    /// Adds an event, duplicated or dropped as the faults say.
    pub(crate) fn post(&mut self, event_id: &str, event_type: &'static str, body: Vec<u8>, now: Timestamp) {
        let due = later(now, SignedDuration::from_secs(i64::from(self.faults.delay)));
        let (event_id, body) = (event_id.to_owned(), Arc::from(body));
        let letter = PendingEvent { event_id, event_type, body, posted: now, due, attempt: 0 };
        if self.random.f64() < self.faults.drop {
            self.note(&letter, Outcome::Dropped);
            return;
        }
        let copies = usize::try_from(self.faults.duplicate).unwrap_or_default().saturating_add(1);
        self.waiting.extend(std::iter::repeat_n(letter, copies));
    }

    /// Takes the events that are due by then, in delivery order.
    pub(crate) fn take_due(&mut self, by: Timestamp) -> Vec<PendingEvent> {
        let (mut due, waiting): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(|letter| letter.due <= by);
        self.waiting = waiting;
        if self.faults.reorder {
            self.random.shuffle(&mut due);
        }
        for letter in &mut due {
            letter.attempt += 1;
        }
        due
    }

    /// Records the outcome of an attempt. A failed attempt is retried until Stripe would give up.
    pub(crate) fn settle(&mut self, mut letter: PendingEvent, outcome: Outcome, now: Timestamp) {
        let settled = outcome.is_delivered();
        self.note(&letter, outcome);
        if settled {
            return;
        }
        let exponent = letter.attempt.saturating_sub(1).min(12);
        letter.due = later(now, FIRST_RETRY.saturating_mul(GROWTH.saturating_pow(exponent)));
        if letter.due <= later(letter.posted, PATIENCE) {
            self.waiting.push(letter);
        }
    }

    fn note(&mut self, letter: &PendingEvent, outcome: Outcome) {
        self.tries.push(Delivered {
            event_id: letter.event_id.clone(),
            event_type: letter.event_type.to_owned(),
            attempt: letter.attempt,
            outcome,
        });
    }

    /// Returns the number of pending events.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Returns the time at which the next event is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|letter| letter.due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(faults: DeliveryFaults, events: usize) -> Mailbox {
        let mut mailbox = Mailbox::new(1);
        mailbox.faults = faults;
        for event in 0..events {
            mailbox.post(&format!("evt_{event:03}"), "x", Vec::new(), Timestamp::UNIX_EPOCH);
        }
        mailbox
    }

    fn ids(letters: &[PendingEvent]) -> Vec<&str> {
        letters.iter().map(|letter| letter.event_id.as_str()).collect()
    }

    #[test]
    fn faults() {
        let now = Timestamp::UNIX_EPOCH;
        let none = DeliveryFaults::default();
        assert_eq!(ids(&mailbox(none, 2).take_due(now)), ["evt_000", "evt_001"]);
        let twice = DeliveryFaults { duplicate: 1, ..none };
        assert_eq!(ids(&mailbox(twice, 2).take_due(now)), ["evt_000", "evt_000", "evt_001", "evt_001"]);
        let mixed = mailbox(DeliveryFaults { reorder: true, ..none }, 20).take_due(now);
        assert!(!ids(&mixed).is_sorted());
        assert_eq!(mixed.len(), 20);
        let all = mailbox(DeliveryFaults { drop: 1.0, ..none }, 20);
        assert_eq!((all.waiting(), all.tries.len()), (0, 20));
        let half = mailbox(DeliveryFaults { drop: 0.5, ..none }, 100).waiting();
        assert!((30..70).contains(&half), "{half}");
        let mut late = mailbox(DeliveryFaults { delay: 60, ..none }, 1);
        assert!(late.take_due(later(now, SignedDuration::from_secs(59))).is_empty());
        assert_eq!(late.take_due(later(now, SignedDuration::from_secs(60))).len(), 1);
    }

    #[test]
    fn a_refused_event_comes_again_for_three_days() {
        let mut mailbox = mailbox(DeliveryFaults::default(), 1);
        let mut now = Timestamp::UNIX_EPOCH;
        while let Some(due) = mailbox.next_due() {
            now = due;
            for letter in mailbox.take_due(now) {
                mailbox.settle(letter, Outcome::Status(500), now);
            }
        }
        assert!(mailbox.tries.len() > 5, "{}", mailbox.tries.len());
        assert!(now < later(Timestamp::UNIX_EPOCH, PATIENCE));
    }
}
