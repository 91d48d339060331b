//! The record of an intent, and the idempotency keys of its requests to Stripe.

use super::{IntentNumber, Order};
use crate::{
    command::Fingerprint,
    identity::origin::Origin,
    ids::{UserId, WorkspaceId},
    text::PersonName,
};
use jiff::{SignedDuration, Timestamp};

/// Time for which a request to Stripe is repeated under the same key. Stripe forgets keys after 24 hours and would then
/// execute the request again. <https://docs.stripe.com/api/idempotent_requests>
pub const KEY_LIFE: SignedDuration = SignedDuration::from_hours(23);

/// Time that the writer of an intent has to finish it, before the sweeper continues it: longer than any function runs.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// A pending or abandoned command to Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The attempt number.
    pub attempt: IntentNumber,
    /// The number of the first attempt at the same command.
    pub first: IntentNumber,
    /// The user who gave the command.
    pub actor: UserId,
    /// The actor's name at that time; `None` for intents stored before names were recorded.
    pub actor_name: Option<PersonName>,
    /// Origin of the actor's request.
    pub origin: Origin,
    /// Time at which the command was given.
    pub given_at: Timestamp,
    /// Start of this attempt.
    pub begun_at: Timestamp,
    /// The order to Stripe.
    pub order: Order,
    /// The client's idempotency key; its record waits for the answer.
    pub command: Option<Fingerprint>,
}

/// A request of an intent that changes something at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStep {
    /// Create the customer.
    Customer,
    /// Open the checkout session.
    Session,
    /// Release the schedule.
    Release,
    /// Withdraw a cancellation.
    Resume,
    /// Change the price.
    Change,
    /// Create a schedule.
    Schedule,
    /// Set the phases of the schedule.
    Phases,
    /// Cancel at the end of the period.
    Cancel,
    /// Void the first invoice of an incomplete subscription.
    Void,
    /// End an incomplete subscription.
    End,
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
            Self::Void => "void",
            Self::End => "end",
        }
    }
}

impl Intent {
    /// The Stripe idempotency key of `step`.
    #[must_use]
    pub fn key(&self, workspace: WorkspaceId, step: CallStep) -> String {
        format!("{workspace}-{}-{}", self.attempt, step.name())
    }

    /// True if Stripe still knows this attempt's keys at `now`, so that a repeated request has no second effect.
    #[must_use]
    pub fn may_repeat(&self, now: Timestamp) -> bool {
        now.duration_since(self.begun_at) < KEY_LIFE
    }

    /// True if this is the first attempt at the command, so that no earlier attempt can have left anything at Stripe.
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
