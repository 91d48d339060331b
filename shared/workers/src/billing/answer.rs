//! Answers to billing commands. They are stored with the commands' idempotency keys and replayed.

use domain::{
    billing::{
        account::Billing,
        intent::{CommandKind, CommandStatus, LastCommand},
        order::{NextStep, check_checkout},
        pending::PendingChange,
        subscription::{FirstPayment, Status, Subscription},
    },
    plans::{
        addon::HeldAddons,
        catalogue::Plans,
        limits::Limits,
        money::{Currency, Interval},
        names::{AddonName, MeterName, PlanName},
    },
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// A page hosted by Stripe: the checkout or the billing portal.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = StripePage)]
pub struct CheckoutView {
    /// URL of the page, for the customer's browser.
    pub url: String,
}

/// The subscription of a workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// The plan in force.
    pub plan: PlanName,
    /// Status of the subscription at Stripe; `active` for a workspace without a subscription.
    pub status: Status,
    /// Billing interval; null without a subscription.
    pub interval: Option<Interval>,
    /// Start of the current billing period (RFC 3339, UTC).
    pub current_period_start: Option<Timestamp>,
    /// End of the current billing period (RFC 3339, UTC).
    pub current_period_end: Option<Timestamp>,
    /// True if the subscription is cancelled and ends with the current period.
    pub cancel_at_period_end: bool,
    /// End of the subscription (RFC 3339, UTC), if it is cancelled.
    pub cancel_at: Option<Timestamp>,
    /// Plan that takes effect at the end of the current period, if a change is scheduled.
    pub scheduled_plan: Option<PlanName>,
    /// The customer's next step: `none` if nothing is missing, `wait` while a command or a payment is on its way, `pay` an
    /// overdue invoice on the page `payment_url` (or in the billing portal), `pay_change` on the page of `pending_change`,
    /// or `buy` a plan.
    pub next_step: NextStep,
    /// True while the first payment is on its way, for example a bank debit. The plan applies once it has arrived.
    pub payment_pending: bool,
    /// URL of Stripe's page on which the overdue invoice is paid; null if nothing is overdue, and for members who may not
    /// read invoices. The payment restores the plan.
    pub payment_url: Option<String>,
    /// True if the operator has paused the collection of payments. The plan stays in force.
    pub collection_paused: bool,
    /// True if a plan is bought on a checkout page, because no subscription gives one. Otherwise the plan is changed.
    pub can_buy: bool,
    /// Change of plan or add-ons that takes effect once it is paid; null if there is none. The current plan, a cancellation or a
    /// resumption withdraws it.
    pub pending_change: Option<PendingChangeView>,
    /// End of the grace period after a failed payment (RFC 3339, UTC). The plan stays in force until then.
    pub grace_until: Option<Timestamp>,
    /// End of the trial (RFC 3339, UTC), in the future or in the past.
    pub trial_end: Option<Timestamp>,
    /// The last command that needed Stripe, and its outcome; null if there was none.
    pub last_command: Option<LastCommandView>,
    /// Add-ons that the subscription pays for, or will from the next period on.
    pub addons: Vec<HeldAddonView>,
    /// Limits in force: those of the plan, with add-ons.
    pub limits: Limits,
}

/// An add-on of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = HeldAddon)]
pub struct HeldAddonView {
    /// Name of the add-on.
    pub addon: AddonName,
    /// Title for customers.
    pub title: &'static str,
    /// Meter whose limit it raises.
    pub meter: MeterName,
    /// Amount by which each unit raises the limit.
    pub amount: u64,
    /// Price of a unit per interval, in the currency's minor unit; null if the catalogue does not have it.
    pub price: Option<u64>,
    /// ISO 4217 currency code of the price, in lower case.
    pub currency: Currency,
    /// Number of units.
    pub quantity: u64,
    /// Number of units from the next period on; null if no change of it is scheduled.
    pub scheduled_quantity: Option<u64>,
}

/// A number of units of an add-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AddonQuantity)]
pub struct AddonQuantityView {
    /// Name of the add-on.
    pub addon: AddonName,
    /// Number of units.
    pub quantity: u64,
}

impl HeldAddonView {
    /// Returns the add-ons of `paid`, by name.
    fn of(plans: Plans, paid: &Subscription) -> Vec<Self> {
        let next = paid.scheduled_addons.as_ref();
        let held = [Some(&paid.addons), next].into_iter().flatten().flat_map(HeldAddons::iter);
        let names: BTreeSet<_> = held.map(|(addon, _)| addon.name).collect();
        let currency = paid.currency.unwrap_or_else(|| plans.currency());
        let view = |addon: AddonName| {
            let version = paid.addons.version(addon).or_else(|| next?.version(addon))?;
            let terms = plans.addon(version)?;
            let quantity = paid.addons.quantity(addon);
            Some(Self {
                addon,
                title: terms.title,
                meter: terms.meter,
                amount: terms.amount,
                price: terms.price(paid.interval, currency),
                currency,
                quantity,
                scheduled_quantity: next.map(|next| next.quantity(addon)).filter(|next| *next != quantity),
            })
        };
        names.into_iter().filter_map(view).collect()
    }
}

impl AddonQuantityView {
    /// Returns the units of `addons`, by name.
    fn of(addons: &HeldAddons) -> Vec<Self> {
        let names: BTreeSet<_> = addons.iter().map(|(addon, _)| addon.name).collect();
        names.into_iter().map(|addon| Self { addon, quantity: addons.quantity(addon) }).collect()
    }
}

/// A change of plan or add-ons that takes effect once it is paid. Until then nothing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PendingChange)]
pub struct PendingChangeView {
    /// Plan after the change.
    pub plan: PlanName,
    /// Billing interval after the change.
    pub interval: Interval,
    /// Add-ons after the change.
    pub addons: Vec<AddonQuantityView>,
    /// URL of the page on which the change is paid or confirmed; null for members who may not read invoices.
    pub url: Option<String>,
    /// Time at which the change is withdrawn unless it is paid (RFC 3339, UTC).
    pub expires_at: Timestamp,
}

impl From<PendingChange> for PendingChangeView {
    fn from(PendingChange { plan, interval, addons, url, expires_at }: PendingChange) -> Self {
        Self { plan: plan.name, interval, addons: AddonQuantityView::of(&addons), url, expires_at }
    }
}

/// A command that needed Stripe, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = LastCommand)]
pub struct LastCommandView {
    /// Kind of the command.
    pub kind: CommandKind,
    /// Ordered plan; null if the command keeps or ends the current one.
    pub plan: Option<PlanName>,
    /// Ordered billing interval; null if no plan is ordered.
    pub interval: Option<Interval>,
    /// Time at which the command was given (RFC 3339, UTC).
    pub given_at: Timestamp,
    /// Outcome. A command that is `pending` is carried out within minutes.
    pub status: CommandStatus,
    /// Code of the error, if the command is `refused`.
    pub code: Option<String>,
}

impl From<&LastCommand> for LastCommandView {
    fn from(last: &LastCommand) -> Self {
        let LastCommand { first: _, kind, plan, interval, given_at, status, code } = last.clone();
        Self { kind, plan: plan.map(|plan| plan.name), interval, given_at, status, code }
    }
}

impl SubscriptionView {
    /// Builds the view of `billing` at `now`. A subscription that has ended is not shown: the workspace is on the free
    /// plan, as if it had never paid.
    #[must_use]
    pub fn new(plans: Plans, billing: &Billing, now: Timestamp) -> Self {
        let standing = billing.standing(plans, now);
        let paid =
            billing.subscription.as_ref().filter(|paid| paid.is_payable() && paid.ends().is_none_or(|end| now < end));
        Self {
            plan: standing.plan.name,
            status: paid.map_or(Status::Active, |paid| paid.status),
            interval: standing
                .contract
                .as_ref()
                .map_or_else(|| paid.map(|paid| paid.interval), |agreed| agreed.interval),
            current_period_start: paid.map(|paid| paid.period.start),
            current_period_end: paid.map(|paid| paid.period.end),
            cancel_at_period_end: paid.is_some_and(|paid| paid.cancel_at_period_end),
            cancel_at: paid.and_then(Subscription::ends),
            // A migration to another version changes neither plan nor interval.
            scheduled_plan: paid
                .filter(|paid| paid.migration().is_none())
                .and_then(|paid| Some(paid.scheduled?.0.name)),
            next_step: billing.next_step(now),
            can_buy: plans.sold().next().is_some_and(|plan| check_checkout(plans, billing, plan).is_ok()),
            payment_pending: paid.is_some_and(|paid| paid.first_payment == Some(FirstPayment::Pending)),
            payment_url: paid.and(billing.owed.as_ref()).map(|owed| owed.payment_url.clone()),
            collection_paused: paid.is_some_and(|paid| paid.collection_paused),
            pending_change: paid.and_then(|paid| paid.pending_at(now)).cloned().map(PendingChangeView::from),
            grace_until: paid.and_then(|paid| paid.grace_until),
            trial_end: paid.and_then(|paid| paid.trial_end),
            last_command: billing.last_command.as_ref().map(LastCommandView::from),
            addons: paid.map(|paid| HeldAddonView::of(plans, paid)).unwrap_or_default(),
            limits: standing.limits(),
        }
    }

    /// The view without the pages on which something is paid. They name the buyer and can be paid by everybody who has
    /// their URL.
    #[must_use]
    pub fn without_pages(self) -> Self {
        let pending_change = self.pending_change.map(|change| PendingChangeView { url: None, ..change });
        Self { payment_url: None, pending_change, ..self }
    }

    /// True if the outcome of the last command is not known yet.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.last_command.as_ref().is_some_and(|last| last.status == CommandStatus::Pending)
    }
}
