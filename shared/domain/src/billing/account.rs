//! A workspace's billing, stored in one item under one version: its Stripe customer, its subscription, a pending
//! checkout, and the last error.

use crate::{
    billing::customer::CustomerFacts,
    billing::intent::{IntentNumber, LastCommand},
    billing::pending::ReplacedChange,
    billing::reversal::Reversal,
    billing::subscription::{Standing, Status, Subscription},
    billing::trial::TrialDays,
    ids::UserId,
    plans::contract::Contract,
    plans::{
        catalogue::Plans,
        money::{Currency, Interval},
        price::PriceName,
        price::once,
        version::PlanVersion,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A workspace's billing. A workspace that never paid has the default, and no item is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Billing {
    /// Grows with every change; 0 means that no item is stored.
    pub version: u64,
    /// Stripe's id of the customer.
    pub customer: Option<String>,
    /// The subscription, if there ever was one.
    pub subscription: Option<Subscription>,
    /// A checkout that can still be paid.
    pub pending_checkout: Option<PendingCheckout>,
    /// The newest payment that is known to have failed.
    pub last_error: Option<BillingError>,
    /// The last attempt at a command to Stripe; the next one has the next number.
    pub attempt: IntentNumber,
    /// The attempt that is pending or was abandoned.
    pub open: Option<IntentNumber>,
    /// The last command and its outcome; `None` if it was given before outcomes were recorded.
    pub last_command: Option<LastCommand>,
    /// The user who gave the last command to Stripe. Changes that Stripe makes because of it are attributed to them.
    pub ordered_by: Option<UserId>,
    /// The contract that the operator has agreed with the customer. Stripe does not know about it.
    pub contract: Option<Contract>,
    /// Trial days that were granted for the next subscription.
    pub granted: Option<Grant>,
    /// The notices that were sent to owners and admins.
    pub sent_notices: SentNotices,
    /// Start of the newest known trial.
    pub trialed_at: Option<Timestamp>,
    /// Payments that were refunded or disputed, newest first.
    pub reversals: Vec<Reversal>,
    /// The customer's card, credit balance and newest invoices. `None` without a customer, and for billings that were
    /// not compared with Stripe since these facts are stored.
    pub customer_facts: Option<CustomerFacts>,
    /// The invoice whose payment brings the plan of the subscription back, or into force.
    pub owed: Option<OwedInvoice>,
    /// Stripe's ids of further subscriptions to a plan that will renew. They were made outside Berth.
    pub other_subscriptions: Vec<String>,
    /// The last command that Stripe refused, unless a later one has succeeded.
    pub refusal: Option<OrderRefusal>,
    /// A scheduled change and a cancellation that an upgrade replaces once it is paid.
    pub replaced: Option<ReplacedChange>,
    /// Time until which the number of seats is being set at Stripe, and commands are refused.
    pub seats_until: Option<Timestamp>,
    /// Time of the next comparison with Stripe, if no event arrives before.
    pub due_at: Option<Timestamp>,
}

/// Interval of further comparisons while a renewal or an end is late at Stripe.
pub const LATE: SignedDuration = SignedDuration::from_hours(1);

/// Time until the withdrawal of a change that an upgrade has replaced is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// A checkout session that can still be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCheckout {
    /// Stripe's id of the session.
    pub session: String,
    /// Address of the checkout page.
    pub url: String,
    /// The plan it is for.
    pub plan: PlanVersion,
    /// The billing interval.
    pub interval: Interval,
    /// The currency; `None` for pages that were stored before it was recorded.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Number of times that the price is paid. 1 for pages that were stored before seats were sold.
    #[serde(default = "once")]
    pub quantity: u64,
    /// Trial days of the subscription, if any.
    pub trial: Option<TrialDays>,
    /// Time from which it can no longer be paid.
    pub expires_at: Timestamp,
}

/// Trial days granted to a workspace, even if it has used a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Number of days.
    pub days: TrialDays,
    /// Time of the grant. A trial that began later has used it.
    pub at: Timestamp,
}

/// A failed payment, described for the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingError {
    /// Description of the failure.
    pub message: String,
    /// Time of the failure.
    pub at: Timestamp,
}

/// A command that Stripe refused, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRefusal {
    /// Attempt number of the command.
    pub attempt: IntentNumber,
    /// Status, type and code of Stripe's answer.
    pub reason: String,
    /// Time of the refusal.
    pub at: Timestamp,
}

/// An open invoice that the customer can pay on its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedInvoice {
    /// Stripe's id of the invoice.
    pub invoice: String,
    /// Address of its page at Stripe.
    pub payment_url: String,
}

/// An unpaid invoice, and the number of attempts to collect it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpaidInvoice {
    /// Stripe's id of the invoice.
    pub invoice: String,
    /// Number of attempts to collect the payment.
    pub attempts: u64,
}

/// The notices that were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentNotices {
    /// The last failed attempt to collect a payment.
    pub owed: Option<UnpaidInvoice>,
    /// End of the trial that was announced.
    pub trial_end: Option<Timestamp>,
    /// The invoice for which the plan has lapsed.
    pub lapsed: Option<String>,
    /// The last migration to another version.
    #[serde(default)]
    pub migration: Option<AnnouncedMigration>,
}

/// A migration to another version that was made or scheduled, as it is announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncedMigration {
    /// Attempt number of the order.
    pub attempt: IntentNumber,
    /// The price from `at` on.
    pub price: PriceName,
    /// The amount per interval until `at`, in the currency's minor unit; `None` if it is not known.
    pub amount_before: Option<u64>,
    /// End of the period that is paid already.
    pub at: Timestamp,
}

impl Billing {
    /// The standing at `now`.
    #[must_use]
    pub fn standing(&self, plans: Plans, now: Timestamp) -> Standing {
        match &self.contract {
            Some(contract) => Standing::under_contract(plans, contract.clone()),
            None => Standing::at(now, plans, self.subscription.as_ref()),
        }
    }

    /// The billing after its customer was deleted at Stripe, which ends their subscriptions. The next purchase creates
    /// a new customer. <https://docs.stripe.com/api/customers/delete>
    #[must_use]
    pub fn without_customer(self) -> Self {
        let subscription = self.subscription.map(|subscription| match subscription.is_payable() {
            true => Subscription {
                status: Status::Canceled,
                scheduled: None,
                scheduled_addons: None,
                pending_change: None,
                grace_until: None,
                first_payment: None,
                ..subscription
            },
            false => subscription,
        });
        Self {
            customer: None,
            customer_facts: None,
            last_error: None,
            subscription,
            pending_checkout: None,
            replaced: None,
            owed: None,
            other_subscriptions: Vec::new(),
            due_at: None,
            ..self
        }
    }

    /// The currency of the subscription; `None` without one, or if it was not read yet.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.subscription.as_ref().and_then(|paid| paid.currency)
    }

    /// The quantity that a workspace with `members` active members is to pay for the plan of its subscription, if it is paid
    /// for each seat and differs from what it pays.
    #[must_use]
    pub fn missing_seats(&self, plans: Plans, members: u64) -> Option<u64> {
        let paid = self.subscription.as_ref().filter(|paid| paid.is_payable())?;
        let plan = plans.version(paid.paid_plan).filter(|plan| plan.is_per_seat())?;
        Some(plan.quantity(members)).filter(|quantity| Some(*quantity) != paid.seats)
    }

    /// True if the number of seats is being set at Stripe at `now`. No command is sent to Stripe meanwhile, since each of
    /// both could undo what the other has done.
    #[must_use]
    pub fn is_setting_seats(&self, now: Timestamp) -> bool {
        self.seats_until.is_some_and(|until| now < until)
    }

    /// The billing with the seats of the subscription of `stored`, if both pay for the same plan. The number of seats
    /// follows from the members, whose changes the activity shows.
    #[must_use]
    pub fn with_seats_of(mut self, stored: &Self) -> Self {
        if let (Some(paid), Some(known)) = (&mut self.subscription, &stored.subscription)
            && (&paid.id, paid.paid_plan) == (&known.id, known.paid_plan)
        {
            paid.seats = known.seats;
        }
        self
    }

    /// The billing without the currency of its subscription, if `stored` has the subscription from before currencies were
    /// read.
    #[must_use]
    pub fn with_unread_currency_of(mut self, stored: &Self) -> Self {
        let stored = stored.subscription.as_ref();
        self.subscription = self.subscription.map(|paid| paid.without_unread_currency(stored));
        self
    }

    /// The billing with the links of `stored` in place of its own, where both lead to the same invoice. Stripe may return
    /// another link each time.
    #[must_use]
    pub fn with_links_of(mut self, stored: &Self) -> Self {
        if let (Some(owed), Some(known)) = (&mut self.owed, &stored.owed)
            && owed.invoice == known.invoice
        {
            owed.payment_url.clone_from(&known.payment_url);
        }
        let pending = |billing: &Self| billing.subscription.as_ref().and_then(|paid| paid.pending_change.clone());
        if let (Some(change), Some(known)) = (pending(&self), pending(stored))
            && (change.plan, change.interval, &change.addons, change.expires_at)
                == (known.plan, known.interval, &known.addons, known.expires_at)
            && let Some(paid) = &mut self.subscription
        {
            paid.pending_change = Some(known);
        }
        self
    }

    /// Sets the next comparison with Stripe after one at `now`: the next time at which the facts change by time alone
    /// or an event from Stripe is expected.
    #[must_use]
    pub fn with_next_comparison(self, now: Timestamp) -> Self {
        let subscribed = self.subscription.as_ref().filter(|subscription| subscription.is_payable());
        let past = |subscription: &&Subscription| {
            let expiry = subscription.pending_change.as_ref().map(|change| change.expires_at);
            subscription.period.end <= now || expiry.is_some_and(|expiry| expiry <= now)
        };
        let late = subscribed.filter(past).map(|_| now.saturating_add(LATE).unwrap_or(Timestamp::MAX));
        let paid = self.replaced.as_ref().filter(|_| subscribed.is_some_and(|paid| paid.pending_change.is_none()));
        let again = paid.map(|_| now.saturating_add(AGAIN).unwrap_or(Timestamp::MAX));
        let changes = subscribed.into_iter().flat_map(Subscription::next_change_times);
        let expiry = self.pending_checkout.as_ref().map(|checkout| checkout.expires_at);
        let due_at = changes.chain(expiry).filter(|moment| *moment > now).chain(late).chain(again).min();
        Self { due_at, ..self }
    }

    /// The last failed payment, unless a payment has succeeded since.
    #[must_use]
    pub fn unresolved_error(&self) -> Option<&BillingError> {
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

    /// Adds a failed payment and keeps the newest one, in whatever order they arrive. Stripe's times are whole seconds,
    /// so two may have the same time.
    #[must_use]
    pub fn with_failure(self, failure: Option<BillingError>) -> Self {
        let last_error = self
            .last_error
            .into_iter()
            .chain(failure)
            .max_by(|one, other| (one.at, &one.message).cmp(&(other.at, &other.message)));
        Self { last_error, ..self }
    }

    /// Drops the failed payment if nothing is left to pay: `owes` says whether the customer has debts at Stripe. A
    /// pending checkout can still be paid, so the failure on its page stays.
    #[must_use]
    pub fn without_resolved_error(self, owes: bool) -> Self {
        let last_error = self.last_error.filter(|_| owes || self.pending_checkout.is_some());
        Self { last_error, ..self }
    }

    /// The pending checkout at `now`.
    #[must_use]
    pub fn checkout_at(&self, now: Timestamp) -> Option<&PendingCheckout> {
        self.pending_checkout.as_ref().filter(|checkout| now < checkout.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owing(invoice: &str, link: &str) -> Billing {
        let owed = OwedInvoice { invoice: invoice.to_owned(), payment_url: link.to_owned() };
        Billing { owed: Some(owed), ..Billing::default() }
    }

    #[test]
    fn another_link_to_the_same_invoice_is_no_difference() {
        let stored = owing("in_1", "https://one");
        assert_eq!(owing("in_1", "https://two").with_links_of(&stored), stored);
        assert_eq!(owing("in_2", "https://two").with_links_of(&stored), owing("in_2", "https://two"));
        assert_eq!(Billing::default().with_links_of(&stored), Billing::default());
    }

    #[test]
    fn failed_payment_is_dropped_with_the_customer() {
        let last_error = Some(BillingError { message: "no".to_owned(), at: Timestamp::UNIX_EPOCH });
        assert_eq!(Billing { last_error, ..Billing::default() }.without_customer().last_error, None);
    }
}
