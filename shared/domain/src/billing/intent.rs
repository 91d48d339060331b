//! An intent: a command whose effect is at Stripe, written down before it is sent and removed once its outcome is known.
//!
//! A process that ends anywhere in between leaves the intent, and whoever finds it carries on: Stripe is asked under the same
//! keys, so that it does again nothing that it did.

use crate::{
    billing::account::PendingCheckout,
    billing::trial::Trial,
    command::Fingerprint,
    identity::origin::Origin,
    ids::{UserId, WorkspaceId},
    plans::plan::{Interval, Plan},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a workspace's command to Stripe: 1 for the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attempt(u32);

impl Attempt {
    /// The attempt that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// As it stands in keys: with leading zeros, so that their order is that of the attempts.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

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

/// What is wanted of Stripe, with all its parameters: they are the same whenever it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Order {
    /// A page on which a plan is paid.
    Checkout(Checkout),
    /// A change of what is paid for.
    Change(PlanChange),
}

/// A change of what is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Stripe's id of the subscription.
    pub subscription: String,
    /// What becomes of it.
    pub aim: Aim,
}

/// What becomes of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Aim {
    /// This price, at once, if it is paid.
    Now {
        /// Stripe's id of it.
        price: String,
    },
    /// This price, when the present period ends.
    AtPeriodEnd {
        /// Stripe's id of it.
        price: String,
    },
    /// Nothing, when the present period ends.
    Cancel,
    /// What it is.
    Keep,
}

/// A page on which a plan is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The plan.
    pub plan: Plan,
    /// How often it is paid.
    pub interval: Interval,
    /// Stripe's id of the price.
    pub price: String,
    /// Where the customer comes back to once he has paid.
    pub success_url: String,
    /// Where he comes back to if he does not pay.
    pub cancel_url: String,
    /// The days on trial that it may begin with.
    pub trial: Option<Trial>,
    /// What the page offers beside the plan.
    #[serde(default)]
    pub offers: Offers,
}

/// What a page offers beside the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Stripe reckons taxes, by the address that it asks for.
    pub automatic_tax: bool,
    /// Codes of promotions are taken.
    pub promotion_codes: bool,
}

impl Checkout {
    /// Whether `pending` is a page for the same.
    #[must_use]
    pub fn is_for(&self, pending: &PendingCheckout) -> bool {
        (self.plan, self.interval, self.trial.map(|trial| trial.days))
            == (pending.plan, pending.interval, pending.trial)
    }
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
