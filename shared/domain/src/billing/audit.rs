//! Audit entries for billing.

use crate::{
    audit::record::{AuditAction, Entry},
    billing::account::{Billing, PendingCheckout},
    billing::subscription::Subscription,
    ids::WorkspaceId,
    plans::{addon::HeldAddons, money::Interval, version::PlanVersion},
};
use serde_json::{Map, Value, json};

impl Entry {
    /// The entry for an opened checkout page.
    #[must_use]
    pub fn checkout_opened(checkout: &PendingCheckout) -> Self {
        let after = Map::from_iter([
            ("plan".to_owned(), json!(checkout.plan)),
            ("interval".to_owned(), json!(checkout.interval)),
        ]);
        Self::new(AuditAction::CheckoutOpened, &checkout.session, Map::new(), after)
    }

    /// The entry for a changed subscription or payment state.
    #[must_use]
    pub fn billing_changed(workspace: WorkspaceId, before: &Billing, after: &Billing) -> Self {
        let (mut old, mut new) = (payment(before), payment(after));
        old.retain(|name, value| new.get(name) != Some(value));
        new.retain(|name, _| old.contains_key(name));
        Self::new(AuditAction::BillingChanged, workspace, old, new)
    }
}

/// The plan and interval of a pending change, without its page.
fn pending_change(paid: &Subscription) -> Option<(PlanVersion, Interval)> {
    paid.pending_change.as_ref().map(|change| (change.plan, change.interval))
}

/// The add-ons of a pending change, if it changes them.
fn pending_addons(paid: &Subscription) -> Option<&HeldAddons> {
    paid.pending_change.as_ref().map(|change| &change.addons).filter(|addons| **addons != paid.addons)
}

/// The fields of a billing that members see.
fn payment(billing: &Billing) -> Map<String, Value> {
    let subscription = billing.subscription.as_ref();
    Map::from_iter([
        ("plan".to_owned(), json!(subscription.map(|paid| paid.paid_plan))),
        ("interval".to_owned(), json!(subscription.map(|paid| paid.interval))),
        ("status".to_owned(), json!(subscription.map(|paid| paid.status))),
        ("period_end".to_owned(), json!(subscription.map(|paid| paid.period.end))),
        ("cancel_at".to_owned(), json!(subscription.and_then(Subscription::ends))),
        ("trial_end".to_owned(), json!(subscription.and_then(|paid| paid.trial_end))),
        ("grace_until".to_owned(), json!(subscription.and_then(|paid| paid.grace_until))),
        ("scheduled".to_owned(), json!(subscription.and_then(|paid| paid.scheduled))),
        ("pending_change".to_owned(), json!(subscription.and_then(pending_change))),
        ("addons".to_owned(), json!(subscription.map(|paid| &paid.addons).filter(|addons| !addons.is_empty()))),
        ("scheduled_addons".to_owned(), json!(subscription.and_then(|paid| paid.scheduled_addons.as_ref()))),
        ("pending_addons".to_owned(), json!(subscription.and_then(pending_addons))),
        ("pending_checkout".to_owned(), json!(billing.pending_checkout.as_ref().map(|pending| &pending.session))),
        ("last_error".to_owned(), json!(billing.last_error)),
        ("owed_invoice".to_owned(), json!(billing.owed.as_ref().map(|owed| &owed.invoice))),
        ("other_subscriptions".to_owned(), json!(billing.other_subscriptions)),
        ("first_payment".to_owned(), json!(subscription.and_then(|paid| paid.first_payment))),
        ("collection_paused".to_owned(), json!(subscription.is_some_and(|paid| paid.collection_paused))),
        ("reversals".to_owned(), json!(billing.reversals)),
    ])
}
