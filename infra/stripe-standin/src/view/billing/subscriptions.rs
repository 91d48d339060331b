//! Subscriptions and their items.

use crate::{
    calendar::Period,
    error::{ApiError, Result},
    model::{Cancellation, EndReason, Item, Pause, PauseBehavior, PendingUpdate, Subscription, SubscriptionStatus},
    state::State,
    view::{
        catalogue::{plan, price},
        parts::{ids, maybe_id, maybe_time, time, together, whole_list},
    },
};
use serde_json::{Value, json};

/// Returns Stripe's name of a status.
pub(crate) const fn subscription_status(status: SubscriptionStatus) -> &'static str {
    match status {
        SubscriptionStatus::Incomplete => "incomplete",
        SubscriptionStatus::IncompleteExpired => "incomplete_expired",
        SubscriptionStatus::Trialing => "trialing",
        SubscriptionStatus::Active => "active",
        SubscriptionStatus::PastDue => "past_due",
        SubscriptionStatus::Unpaid => "unpaid",
        SubscriptionStatus::Paused => "paused",
        SubscriptionStatus::Canceled => "canceled",
    }
}

/// <https://docs.stripe.com/api/subscriptions/object>
pub(crate) fn subscription(state: &State, subscription: &Subscription) -> Result<Value> {
    let id = subscription.id.as_str();
    let url = format!("/v1/subscription_items?subscription={id}");
    let first = subscription.items.first().ok_or_else(|| ApiError::broken(format!("{id} has no item")))?;
    let current = state.prices.known(&first.price)?;
    // Only a subscription of one item has a plan and a quantity.
    let only = subscription.items.len() == 1;
    let shown = subscription.items.iter().map(|each| subscription_item(state, subscription, each));
    let shown = shown.collect::<Result<Vec<_>>>()?;
    Ok(together([
        fixed(),
        json!({
            "id": id,
            "automatic_tax": automatic_tax(subscription.automatic_tax),
            "billing_cycle_anchor": time(subscription.anchor),
            "billing_mode": billing_mode(),
            "cancel_at": maybe_time(subscription.ends_at()),
            "cancel_at_period_end": subscription.cancellation == Some(Cancellation::AtPeriodEnd),
            "canceled_at": maybe_time(subscription.canceled_at),
            "cancellation_details": {
                "comment": subscription.comment,
                "feedback": subscription.feedback,
                "feedback_option": null,
                "reason": subscription.end_reason.map(|reason| match reason {
                    EndReason::Requested => "cancellation_requested",
                    EndReason::PaymentFailed => "payment_failed",
                }),
            },
            "created": time(subscription.created),
            "currency": current.currency,
            "customer": subscription.customer.as_str(),
            "default_payment_method": maybe_id(subscription.default_payment_method.as_ref()),
            "description": subscription.description,
            "ended_at": maybe_time(subscription.ended_at),
            "items": whole_list(shown, &url),
            "latest_invoice": maybe_id(subscription.latest_invoice.as_ref()),
            "metadata": subscription.metadata,
            "pause_collection": subscription.pause.as_ref().map(pause),
            "pending_update": match &subscription.pending_update {
                Some(update) => pending_update(state, subscription, update)?,
                None => Value::Null,
            },
            "discounts": ids(&subscription.discounts),
            "plan": only.then(|| plan(current)),
            "quantity": only.then_some(first.quantity),
            "schedule": maybe_id(subscription.schedule.as_ref()),
            "start_date": time(subscription.created),
            "status": subscription_status(subscription.status),
            "trial_end": maybe_time(subscription.trial.map(|trial| trial.end)),
            "trial_settings": {
                "end_behavior": {
                    "billing_cycle_anchor": null,
                    "missing_payment_method": if subscription.pauses_without_method { "pause" } else { "create_invoice" },
                },
            },
            "trial_start": maybe_time(subscription.trial.map(|trial| trial.start)),
        }),
    ]))
}

/// Returns the fields with the same value for every subscription of the stand-in.
fn fixed() -> Value {
    json!({
        "object": "subscription",
        "application": null,
        "application_fee_percent": null,
        "billing_cycle_anchor_config": null,
        "billing_schedules": [],
        "billing_thresholds": null,
        "collection_method": "charge_automatically",
        "customer_account": null,
        "days_until_due": null,
        "default_source": null,
        "default_tax_rates": [],
        "invoice_settings": {
            "account_tax_ids": null,
            "custom_fields": null,
            "description": null,
            "footer": null,
            "issuer": { "type": "self" },
        },
        "livemode": false,
        "managed_payments": { "enabled": false },
        "next_pending_invoice_item_invoice": null,
        "on_behalf_of": null,
        "payment_settings": {
            "payment_method_options": null,
            "payment_method_types": null,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": null,
        "pending_setup_intent": null,
        "presentment_details": null,
        "status_details": null,
        "test_clock": null,
        "transfer_data": null,
    })
}

/// <https://docs.stripe.com/billing/subscriptions/pause-payment>
fn pause(pause: &Pause) -> Value {
    let behavior = match pause.behavior {
        PauseBehavior::KeepAsDraft => "keep_as_draft",
        PauseBehavior::MarkUncollectible => "mark_uncollectible",
        PauseBehavior::Void => "void",
    };
    json!({ "behavior": behavior, "resumes_at": maybe_time(pause.resumes_at) })
}

/// <https://docs.stripe.com/api/subscription_items/object>
pub(crate) fn subscription_item(state: &State, subscription: &Subscription, each: &Item) -> Result<Value> {
    item(state, subscription, each, subscription.period)
}

fn item(state: &State, subscription: &Subscription, item: &Item, period: Period) -> Result<Value> {
    let current = state.prices.known(&item.price)?;
    Ok(json!({
        "id": item.id.as_str(),
        "object": "subscription_item",
        "billed_until": null,
        "billing_thresholds": null,
        "created": time(item.created),
        "current_period_end": time(period.end),
        "current_period_start": time(period.start),
        "discounts": [],
        "metadata": {},
        "plan": plan(current),
        "price": price(current),
        "quantity": item.quantity,
        "subscription": subscription.id.as_str(),
        "tax_rates": [],
    }))
}

/// <https://docs.stripe.com/billing/subscriptions/pending-updates>
fn pending_update(state: &State, subscription: &Subscription, update: &PendingUpdate) -> Result<Value> {
    let period = update.begins.unwrap_or(subscription.period);
    let items = update.items.iter().map(|each| item(state, subscription, each, period));
    Ok(json!({
        "billing_cycle_anchor": maybe_time(update.begins.map(|period| period.start)),
        "cancel_at_period_end": update.cancel_at_period_end,
        "discounts": null,
        "expires_at": time(update.expires_at),
        "metadata": update.metadata.named(),
        "subscription_items": items.collect::<Result<Vec<_>>>()?,
        "trial_end": null,
        "trial_from_plan": null,
    }))
}

/// Returns the billing mode. Flexible is the default since 2025-09-30
/// (<https://docs.stripe.com/billing/subscriptions/billing-mode>).
pub(super) fn billing_mode() -> Value {
    json!({ "type": "flexible", "flexible": { "proration_discounts": "included" }, "updated_at": null })
}

/// <https://docs.stripe.com/tax/subscriptions>
pub(super) fn automatic_tax(enabled: bool) -> Value {
    let liability = enabled.then(|| json!({ "type": "self" }));
    json!({ "disabled_reason": null, "enabled": enabled, "liability": liability })
}

/// Returns the automatic tax with the status of its calculation
/// (<https://docs.stripe.com/api/invoices/object#invoice_object-automatic_tax>).
pub(super) fn with_status(tax: Value, enabled: bool) -> Value {
    let said = |word| if enabled { json!(word) } else { Value::Null };
    together([tax, json!({ "provider": said("stripe"), "status": said("complete") })])
}
