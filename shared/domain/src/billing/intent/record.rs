//! An intent as it is recorded, and the idempotency keys of its requests to Stripe.

use super::{Attempt, Order};
use crate::{
    command::Fingerprint,
    identity::origin::Origin,
    ids::{UserId, WorkspaceId},
    text::PersonName,
};
use jiff::{SignedDuration, Timestamp};

/// For how long Stripe is asked again under the same key. It forgets keys after 24 hours, and would then do the same
/// again. <https://docs.stripe.com/api/idempotent_requests>
pub const KEY_LIFE: SignedDuration = SignedDuration::from_hours(23);

/// How long whoever wrote an intent has to finish it, before the sweeper does: longer than any function runs.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// A command to Stripe that is under way, or was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its number.
    pub attempt: Attempt,
    /// The number of the first attempt at the same command.
    pub first: Attempt,
    /// Who gave it.
    pub actor: UserId,
    /// Their name at that time; `None` for an intent stored before names were.
    pub actor_name: Option<PersonName>,
    /// Where his request came from.
    pub origin: Origin,
    /// When the command was given.
    pub given_at: Timestamp,
    /// When this attempt at it was begun.
    pub begun_at: Timestamp,
    /// What is wanted.
    pub order: Order,
    /// The client's idempotency key that it came under: its record waits for the answer.
    pub command: Option<Fingerprint>,
}

/// A request within an intent that changes something at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStep {
    /// Make the customer.
    Customer,
    /// Open the checkout session.
    Session,
    /// Let go of what was scheduled.
    Release,
    /// Take a cancellation back.
    Resume,
    /// Change the price.
    Change,
    /// Make a schedule.
    Schedule,
    /// Say what follows.
    Phases,
    /// Cancel for the end of the period.
    Cancel,
}

impl CallStep {
    const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Session => "session",
            Self::Release => "release",
            Self::Resume => "resume",
            Self::Change => "change",
            Self::Schedule => "schedule",
            Self::Phases => "phases",
            Self::Cancel => "cancel",
        }
    }
}

impl Intent {
    /// Stripe's idempotency key for `step`.
    #[must_use]
    pub fn key(&self, workspace: WorkspaceId, step: CallStep) -> String {
        format!("{workspace}-{}-{}", self.attempt, step.name())
    }

    /// Whether Stripe still knows this attempt's keys at `now`, so that asking again does nothing twice.
    #[must_use]
    pub fn may_repeat(&self, now: Timestamp) -> bool {
        now.duration_since(self.begun_at) < KEY_LIFE
    }

    /// Whether this is the first attempt at its command: nothing that it asks for can be there from an earlier one.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.attempt == self.first
    }

    /// The same command under the next attempt.
    #[must_use]
    pub fn again(&self, now: Timestamp) -> Self {
        Self { attempt: self.attempt.next(), begun_at: now, ..self.clone() }
    }
}
