//! Reasons to refuse an order.

use crate::error::{Kind, Refusal};

/// Reasons to refuse an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The plan cannot be bought.
    #[error(
        "this plan cannot be bought; choose another one, or cancel the subscription to return to the plan that costs nothing"
    )]
    NotSold,
    /// The plan is not sold at the interval.
    #[error("this plan is not sold at this interval; choose one of its prices in GET /billing/plans")]
    IntervalNotSold,
    /// The plan requires a contract.
    #[error("this plan requires a contract; contact support")]
    ContractRequired,
    /// The workspace already has a subscription.
    #[error("the workspace already has a subscription; change its plan instead")]
    AlreadySubscribed,
    /// The workspace pays a price that belongs to no plan.
    #[error("the workspace pays for a plan that this service does not know; contact the operator of this service")]
    PlanUnknown,
    /// The workspace has no subscription.
    #[error("the workspace has no subscription; buy a plan first")]
    NotSubscribed,
    /// The workspace already has the plan.
    #[error("the workspace already has this plan, and no change is scheduled")]
    Unchanged,
    /// A payment is overdue.
    #[error(
        "a payment is overdue; pay it on the page `payment_url` of GET /billing/subscription, then send the same request again"
    )]
    PastDue,
    /// The first payment is on its way.
    #[error("a payment is on its way, which can take days; the plan applies once it has arrived")]
    PaymentPending,
    /// A scheduled change or a cancellation takes effect soon.
    #[error("a scheduled change takes effect within 24 hours; withdraw it first, or send the same request afterwards")]
    ScheduledSoon,
    /// The workspace already has this many units of the add-on.
    #[error("the workspace already has this quantity of the add-on, and no change of it is scheduled")]
    AddonUnchanged,
    /// The add-on is not sold, or not for the interval and the currency of the subscription.
    #[error(
        "an add-on is not sold any more, or has no price for this interval; remove it first, or keep its quantity and the interval"
    )]
    AddonNotSold,
    /// A workspace cannot have so many units of the add-on.
    #[error("the add-on is sold up to the quantity `maximum_quantity` of GET /billing/plans; order fewer units")]
    AddonMaximumExceeded,
    /// The plan does not limit what the add-on adds to.
    #[error("the plan has no limit of what this add-on adds to; nothing would be gained by it")]
    AddonWithoutEffect,
    /// The subscription is on trial.
    #[error("the subscription is on trial; add-ons can be bought once it has ended")]
    OnTrial,
    /// Another change or a cancellation is scheduled, and would be lost.
    #[error(
        "another change takes effect when the period ends; withdraw it with POST /billing/subscription/resume, then try again"
    )]
    ChangeScheduled,
    /// Stripe refused the change.
    #[error("the payment provider refused the change; settle open payments in the billing portal, then try again")]
    Refused,
    /// The workspace has a contract, so nothing can be bought.
    #[error("the workspace has a contract; contact support to end it first")]
    UnderContract,
    /// Stripe does not know the workspace's customer, and does not say that it was deleted.
    #[error(
        "the payment provider does not know this workspace's billing account; contact the operator of this service"
    )]
    CustomerUnknown,
    /// Stripe does not know the price of the plan.
    #[error("the payment provider does not know the price of this plan; contact the operator of this service")]
    PriceUnknown,
    /// The customer pays in another currency than that of the plan's price. Stripe combines no currencies on a customer.
    /// <https://docs.stripe.com/billing/customer#currency>
    #[error(
        "the workspace's billing account is in another currency than the price of this plan; contact the operator of this service to have it changed, or choose another plan"
    )]
    CurrencyMismatch,
    /// The workspace has no Stripe customer.
    #[error("the workspace has no billing account yet; buy a plan first")]
    NoCustomer,
}

impl Refusal for OrderError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotSold
            | Self::IntervalNotSold
            | Self::ContractRequired
            | Self::AlreadySubscribed
            | Self::NotSubscribed
            | Self::PlanUnknown
            | Self::Unchanged
            | Self::ScheduledSoon
            | Self::AddonUnchanged
            | Self::AddonNotSold
            | Self::AddonMaximumExceeded
            | Self::AddonWithoutEffect
            | Self::OnTrial
            | Self::ChangeScheduled
            | Self::Refused
            | Self::UnderContract
            | Self::CustomerUnknown
            | Self::CurrencyMismatch
            | Self::PaymentPending
            | Self::NoCustomer => Kind::Conflict,
            Self::PriceUnknown => Kind::Unavailable,
            Self::PastDue => Kind::OverPlan,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotSold => "plan_not_sold",
            Self::IntervalNotSold => "interval_not_sold",
            Self::ContractRequired => "contract_required",
            Self::AlreadySubscribed => "already_subscribed",
            Self::NotSubscribed => "not_subscribed",
            Self::PlanUnknown => "plan_unknown",
            Self::Unchanged => "plan_unchanged",
            Self::PastDue => "workspace_past_due",
            Self::PaymentPending => "payment_pending",
            Self::ScheduledSoon => "scheduled_change_soon",
            Self::AddonUnchanged => "addon_unchanged",
            Self::AddonNotSold => "addon_not_sold",
            Self::AddonMaximumExceeded => "addon_maximum_exceeded",
            Self::AddonWithoutEffect => "addon_without_effect",
            Self::OnTrial => "on_trial",
            Self::ChangeScheduled => "change_scheduled",
            Self::Refused => "change_refused",
            Self::UnderContract => "contract_in_force",
            Self::CustomerUnknown => "customer_unknown",
            Self::PriceUnknown => "payments_not_set_up",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::NoCustomer => "no_customer",
        }
    }
}
