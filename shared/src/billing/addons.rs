//! Previews of the cost and the effects of a change of add-ons.

use super::{
    change::AddonRequest,
    charge::{Charge, charge},
    preview::{OverLimit, over},
    usage::month::span,
    view::UpgradeDelay,
};
use domain::{
    billing::order::{self, OrderDecision, OrderError},
    bounds::budget::Budget,
    identity::access::Action,
    ids::WorkspaceId,
    plans::{money::Currency, names::AddonName},
    usage::{CurrentUsage, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::usage::UsageKeys;
use workers::billing::{BillingDeps, Error};

/// Cost and effects of a change of the number of units of an add-on.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = AddonPreview)]
pub struct AddonPreviewView {
    /// Name of the add-on.
    pub addon: AddonName,
    /// Number of units after the change.
    pub quantity: u64,
    /// Time at which the change would take effect (RFC 3339, UTC); null if it takes effect as soon as it is paid.
    pub effective_at: Option<Timestamp>,
    /// Reason for which more units would apply only at the end of the period; absent if they would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_delay: Option<UpgradeDelay>,
    /// Amount due immediately, in the currency's minor unit, for example cents: the price of the further units for the rest of the
    /// current period.
    pub amount_due_now: i64,
    /// Price of all units of this add-on in each following period, in the currency's minor unit.
    pub next_amount: u64,
    /// ISO 4217 currency code of both amounts, in lower case.
    pub currency: Currency,
    /// Resources whose current usage exceeds the limits after the change.
    pub over_limits: Vec<OverLimit>,
}

/// Previews the cost and the effects of a change of an add-on of `workspace`. Changes nothing.
///
/// # Errors
/// [`Error`] under the same conditions as the change itself.
pub async fn preview_addon(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    AddonRequest { name, quantity }: AddonRequest,
) -> Result<AddonPreviewView, Error> {
    let now = with.store.ambient().now();
    let (store, action) = (&with.store, Action::PreviewPlan);
    let meters: Vec<_> = store.plans().consumed().collect();
    let read = store.enter(caller, workspace, None).usage::<Error>(action, &meters, now, UsageKeys::default());
    let ((inside, usage), taken) = store.read_and_take((caller, workspace), action, Budget::BillingReads, read).await?;
    let (plans, billing) = (inside.plans, &inside.billing);
    let addon = plans.addon_named(name).ok_or(OrderError::AddonNotSold)?;
    let decision = order::change_addon(plans, billing, addon, quantity, now)?;
    let paid = billing.subscription.as_ref().ok_or(OrderError::NotSubscribed)?;
    let (effective_at, amount_due_now, upgrade_delay) = match &decision {
        OrderDecision::AddonsNow(_) => {
            taken?;
            let members = inside.workspace.counts.members;
            let ordered = order::ordered_change(plans, billing, members, &decision, None)?;
            match charge(with, &inside.scope, billing, ordered.as_ref()).await? {
                Charge::Now(amount) => (None, amount, None),
                Charge::AtRenewal => (Some(paid.period.end), 0, Some(UpgradeDelay::PaymentMethod)),
            }
        }
        OrderDecision::AddonsAtPeriodEnd(_) | OrderDecision::Expected => (Some(paid.period.end), 0, None),
        OrderDecision::Keep
        | OrderDecision::Checkout(..)
        | OrderDecision::Now(..)
        | OrderDecision::AtPeriodEnd(..)
        | OrderDecision::Cancel
        | OrderDecision::End => (None, 0, None),
    };
    let currency = billing.currency().unwrap_or_else(|| plans.currency());
    let held = paid.addons.with(addon, quantity);
    let version = held.version(addon.name).and_then(|version| plans.addon(version)).unwrap_or(addon);
    let used = CurrentUsage::new(plans, &inside.workspace.counts, |meter| {
        total(&usage.shards(span(meter, &inside, now), meter))
    });
    let plan = plans.version(paid.paid_plan).ok_or(OrderError::PlanUnknown)?;
    Ok(AddonPreviewView {
        addon: addon.name,
        quantity,
        effective_at,
        upgrade_delay,
        amount_due_now,
        next_amount: version.price(paid.interval, currency).unwrap_or_default().saturating_mul(quantity),
        currency,
        over_limits: over(&used, &plans.limits_with(plan, &held)),
    })
}
