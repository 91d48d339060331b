//! What is known of a workspace's billing, all in one item under one version: its customer at Stripe, its subscription,
//! a checkout that waits, and the last thing that went wrong.

use crate::{
    billing::intent::Attempt,
    billing::reversal::Reversal,
    billing::subscription::{Standing, Status, Subscription},
    billing::trial::TrialDays,
    ids::UserId,
    plans::contract::Contract,
    plans::plan::{Interval, Plan},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A workspace's billing. A workspace that never paid has the default one, and no item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Billing {
    /// Grows with every change; 0 is no item.
    pub version: u64,
    /// Stripe's id of the customer.
    pub customer: Option<String>,
    /// What is paid for, if anything ever was.
    pub subscription: Option<Subscription>,
    /// A checkout that can still be paid.
    pub pending_checkout: Option<PendingCheckout>,
    /// The newest payment that is known to have failed.
    pub last_error: Option<BillingError>,
    /// The last attempt at a command to Stripe; the next one has the next number.
    pub attempt: Attempt,
    /// The attempt that is under way, or was left.
    pub open: Option<Attempt>,
    /// Who gave the last command to Stripe: what Stripe makes of it happens on his behalf.
    pub ordered_by: Option<UserId>,
    /// What whoever runs the deployment has agreed with the customer. Stripe knows nothing of it.
    pub contract: Option<Contract>,
    /// Days on trial that were granted for the next subscription.
    pub granted: Option<Grant>,
    /// What its owners and admins were told.
    pub told: Told,
    /// When the newest of its trials began, as far as is known.
    pub trialed_at: Option<Timestamp>,
    /// Payments of which something went back, newest first.
    pub reversals: Vec<Reversal>,
    /// When it is to be compared with Stripe again, unless something is heard before.
    pub due_at: Option<Timestamp>,
}

/// How soon a renewal or an end that Stripe is late with is looked for again.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// A checkout session that can still be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCheckout {
    /// Stripe's id of the session.
    pub session: String,
    /// Where it is paid.
    pub url: String,
    /// The plan it is for.
    pub plan: Plan,
    /// How often would be paid.
    pub interval: Interval,
    /// The days on trial that it begins with.
    pub trial: Option<TrialDays>,
    /// From when on it cannot be paid.
    pub expires_at: Timestamp,
}

/// Days on trial that a workspace was granted though it may have had a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// How many.
    pub days: TrialDays,
    /// When. A trial that began later has used it.
    pub at: Timestamp,
}

/// Something that went wrong with a payment, in words for the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingError {
    /// What went wrong.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// An invoice that was to be paid and is not, and how often that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Stripe's id of the invoice.
    pub invoice: String,
    /// How often it was tried.
    pub attempts: u64,
}

/// What was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The last attempt at a payment that failed.
    pub owed: Option<Owed>,
    /// The end of the trial that was announced.
    pub trial_end: Option<Timestamp>,
    /// The invoice for which the plan has lapsed.
    pub lapsed: Option<String>,
}

impl Billing {
    /// What is in force at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        self.contract.map_or_else(|| Standing::at(now, self.subscription.as_ref()), Standing::agreed)
    }

    /// The same, after a comparison with Stripe at `now`: due again when time alone will have changed something, or Stripe
    /// should have spoken.
    #[must_use]
    pub fn checked(self, now: Timestamp) -> Self {
        let subscribed = self.subscription.as_ref().filter(|subscription| subscription.lives());
        let late = subscribed
            .filter(|subscription| subscription.period.end <= now)
            .map(|_| now.saturating_add(LATE).unwrap_or(Timestamp::MAX));
        let changes = subscribed.into_iter().flat_map(Subscription::changes_at);
        let expiry = self.pending_checkout.as_ref().map(|checkout| checkout.expires_at);
        let due_at = changes.chain(expiry).filter(|moment| *moment > now).chain(late).min();
        Self { due_at, ..self }
    }

    /// What went wrong with the last payment, unless one has gone through since.
    #[must_use]
    pub fn trouble(&self) -> Option<&BillingError> {
        let settled = self.subscription.as_ref().is_some_and(|subscription| match subscription.status {
            Status::Active | Status::Trialing => true,
            Status::PastDue
            | Status::Unpaid
            | Status::Paused
            | Status::Incomplete
            | Status::IncompleteExpired
            | Status::Canceled => false,
        });
        self.last_error.as_ref().filter(|_| !settled)
    }

    /// The same, with word of a payment that failed: the newest is kept, in whatever order they are heard of. Stripe's times are
    /// whole seconds, so two may be of one time.
    #[must_use]
    pub fn heard_of(self, failure: Option<BillingError>) -> Self {
        let last_error = self
            .last_error
            .into_iter()
            .chain(failure)
            .max_by(|one, other| (one.at, &one.message).cmp(&(other.at, &other.message)));
        Self { last_error, ..self }
    }

    /// The checkout that waits at `now`.
    #[must_use]
    pub fn checkout_at(&self, now: Timestamp) -> Option<&PendingCheckout> {
        self.pending_checkout.as_ref().filter(|checkout| now < checkout.expires_at)
    }
}
