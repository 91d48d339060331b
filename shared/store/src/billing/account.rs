//! The item of a workspace's billing.

use crate::{
    partitions::ItemKind,
    table::change::Change,
    table::condition::is_still,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
};
use domain::{
    billing::account::SentNotices,
    billing::account::{Billing, BillingError, Grant, OrderRefusal, OwedInvoice, PendingCheckout},
    billing::customer::CustomerFacts,
    billing::intent::{IntentNumber, LastCommand},
    billing::pending::{PendingChange, ReplacedChange},
    billing::reversal::Reversal,
    billing::subscription::{FirstPayment, Period, Status, Subscription},
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    plans::{
        addon::HeldAddons,
        contract::Contract,
        money::{Currency, Interval},
        version::PlanVersion,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredBilling {
    version: u64,
    customer: Option<String>,
    subscription: Option<StoredSubscription>,
    pending_checkout: Option<PendingCheckout>,
    last_error: Option<BillingError>,
    attempt: IntentNumber,
    open: Option<IntentNumber>,
    #[serde(default)]
    last_command: Option<LastCommand>,
    ordered_by: Option<UserId>,
    contract: Option<Contract>,
    granted: Option<Grant>,
    #[serde(default, rename = "told")]
    sent_notices: SentNotices,
    trialed_at: Option<Timestamp>,
    #[serde(default)]
    reversals: Vec<Reversal>,
    #[serde(default)]
    owed: Option<OwedInvoice>,
    #[serde(default)]
    other_subscriptions: Vec<String>,
    #[serde(default)]
    refusal: Option<OrderRefusal>,
    #[serde(default)]
    customer_facts: Option<CustomerFacts>,
    #[serde(default)]
    replaced: Option<ReplacedChange>,
    #[serde(default)]
    seats_until: Option<Timestamp>,
    checked_again_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct StoredSubscription {
    id: String,
    paid_plan: PlanVersion,
    interval: Interval,
    #[serde(default)]
    currency: Option<Currency>,
    #[serde(default)]
    seats: Option<u64>,
    #[serde(default)]
    addons: HeldAddons,
    status: Status,
    period: Period,
    cancel_at: Option<Timestamp>,
    cancel_at_period_end: bool,
    trial_end: Option<Timestamp>,
    grace_until: Option<Timestamp>,
    scheduled: Option<(PlanVersion, Interval)>,
    #[serde(default)]
    scheduled_addons: Option<HeldAddons>,
    #[serde(default)]
    first_payment: Option<FirstPayment>,
    #[serde(default)]
    collection_paused: bool,
    #[serde(default)]
    pending_change: Option<PendingChange>,
}

/// Stored type of a workspace's billing.
pub(crate) const TYPE: &str = StoredBilling::TYPE;

impl Stored for StoredBilling {
    const KIND: ItemKind = ItemKind::Billing;
}

/// Returns the workspace whose billing `item` is due to be compared with Stripe.
pub(crate) fn overdue(item: &Item) -> Result<WorkspaceId, Corrupt> {
    keys::workspace_of(item).ok_or(Corrupt { wanted: TYPE, version: StoredBilling::VERSION })
}

/// Returns the billing in `item`, or that of a workspace that never paid.
pub(crate) fn parse(item: Option<&Item>) -> Result<Billing, Corrupt> {
    let Some(item) = item else { return Ok(Billing::default()) };
    let stored: StoredBilling = decode(item)?;
    let subscription = stored.subscription.map(|stored| Subscription {
        id: stored.id,
        paid_plan: stored.paid_plan,
        interval: stored.interval,
        currency: stored.currency,
        seats: stored.seats,
        addons: stored.addons,
        status: stored.status,
        period: stored.period,
        cancel_at: stored.cancel_at,
        cancel_at_period_end: stored.cancel_at_period_end,
        trial_end: stored.trial_end,
        grace_until: stored.grace_until,
        scheduled: stored.scheduled,
        scheduled_addons: stored.scheduled_addons,
        first_payment: stored.first_payment,
        collection_paused: stored.collection_paused,
        pending_change: stored.pending_change,
    });
    Ok(Billing {
        version: stored.version,
        customer: stored.customer,
        subscription,
        pending_checkout: stored.pending_checkout,
        last_error: stored.last_error,
        attempt: stored.attempt,
        open: stored.open,
        last_command: stored.last_command,
        ordered_by: stored.ordered_by,
        contract: stored.contract,
        granted: stored.granted,
        sent_notices: stored.sent_notices,
        trialed_at: stored.trialed_at,
        reversals: stored.reversals,
        owed: stored.owed,
        other_subscriptions: stored.other_subscriptions,
        refusal: stored.refusal,
        customer_facts: stored.customer_facts,
        replaced: stored.replaced,
        seats_until: stored.seats_until,
        due_at: stored.checked_again_at,
    })
}

/// Returns the item of `billing`. It is indexed by its customer, and due when it is to be compared with Stripe again.
pub(super) fn item(workspace: WorkspaceId, billing: &Billing) -> Result<Item, Error> {
    let subscription = billing.subscription.clone().map(|subscription| StoredSubscription {
        id: subscription.id,
        paid_plan: subscription.paid_plan,
        interval: subscription.interval,
        currency: subscription.currency,
        seats: subscription.seats,
        addons: subscription.addons,
        status: subscription.status,
        period: subscription.period,
        cancel_at: subscription.cancel_at,
        cancel_at_period_end: subscription.cancel_at_period_end,
        trial_end: subscription.trial_end,
        grace_until: subscription.grace_until,
        scheduled: subscription.scheduled,
        scheduled_addons: subscription.scheduled_addons,
        first_payment: subscription.first_payment,
        collection_paused: subscription.collection_paused,
        pending_change: subscription.pending_change,
    });
    let stored = StoredBilling {
        version: billing.version,
        customer: billing.customer.clone(),
        subscription,
        pending_checkout: billing.pending_checkout.clone(),
        last_error: billing.last_error.clone(),
        attempt: billing.attempt,
        open: billing.open,
        last_command: billing.last_command.clone(),
        ordered_by: billing.ordered_by,
        contract: billing.contract.clone(),
        granted: billing.granted,
        sent_notices: billing.sent_notices.clone(),
        trialed_at: billing.trialed_at,
        reversals: billing.reversals.clone(),
        owed: billing.owed.clone(),
        other_subscriptions: billing.other_subscriptions.clone(),
        refusal: billing.refusal.clone(),
        customer_facts: billing.customer_facts.clone(),
        replaced: billing.replaced.clone(),
        seats_until: billing.seats_until,
        checked_again_at: billing.due_at,
    };
    let mut item = encode(&keys::billing(workspace), &stored)?;
    if let Some(customer) = &billing.customer {
        let (pk, sk) = keys::billing_by_customer(customer, workspace);
        item.extend([("gsi1pk".to_owned(), text(pk)), ("gsi1sk".to_owned(), text(sk))]);
    }
    if let Some(due_at) = billing.due_at {
        item.extend(keys::due(workspace.ulid(), due_at));
    }
    Ok(item)
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Requires that `billing` is unchanged; [`Error::BillingChanged`] otherwise, and the caller must decide again.
    pub fn require_billing(&mut self, billing: &Billing) -> &mut Self {
        let key = keys::billing(self.scope.workspace());
        self.require(&key, is_still(billing.version), Error::BillingChanged)
    }
}
