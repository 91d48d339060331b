//! A workspace's billing: what Stripe says, under a version that grows with every change.

#[cfg(feature = "testkit")]
mod fixture;

use super::{
    change::Change,
    condition::Condition,
    error::{Corrupt, Error},
    item::{Item, Stored, decode, number},
    keys,
};
use crate::domain::{
    billing::{Billing, BillingError, PendingCheckout},
    plan::{Interval, Plan},
    scope::Denied,
    subscription::{Period, Status, Subscription},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StoredBilling {
    version: u64,
    customer: Option<String>,
    subscription: Option<StoredSubscription>,
    pending_checkout: Option<PendingCheckout>,
    last_error: Option<BillingError>,
}

#[derive(Serialize, Deserialize)]
struct StoredSubscription {
    id: String,
    paid_plan: Plan,
    interval: Interval,
    status: Status,
    period: Period,
    cancel_at: Option<Timestamp>,
    cancel_at_period_end: bool,
    trial_end: Option<Timestamp>,
    grace_until: Option<Timestamp>,
}

impl Stored for StoredBilling {
    const TYPE: &'static str = "billing";
}

/// The billing in `item`, or that of a workspace which never paid.
pub(super) fn parse(item: Option<&Item>) -> Result<Billing, Corrupt> {
    let Some(item) = item else { return Ok(Billing::default()) };
    let stored: StoredBilling = decode(item)?;
    let subscription = stored.subscription.map(|stored| Subscription {
        id: stored.id,
        paid_plan: stored.paid_plan,
        interval: stored.interval,
        status: stored.status,
        period: stored.period,
        cancel_at: stored.cancel_at,
        cancel_at_period_end: stored.cancel_at_period_end,
        trial_end: stored.trial_end,
        grace_until: stored.grace_until,
    });
    Ok(Billing {
        version: stored.version,
        customer: stored.customer,
        subscription,
        pending_checkout: stored.pending_checkout,
        last_error: stored.last_error,
    })
}

/// That the billing is still of `version`.
pub(super) fn is_still(version: u64) -> Condition {
    if version == 0 { Condition::Absent } else { Condition::Equals("version", number(version)) }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Requires that `billing` is what it was; [`Error::BillingChanged`] otherwise, and the caller decides anew.
    pub fn require_billing(&mut self, billing: &Billing) -> &mut Self {
        let key = keys::billing(self.scope.workspace());
        self.require(&key, is_still(billing.version), Error::BillingChanged)
    }
}
