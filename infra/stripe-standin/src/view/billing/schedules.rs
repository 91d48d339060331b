//! Subscription schedules.

use super::subscriptions::{automatic_tax, billing_mode};
use crate::{
    error::Result,
    model::{DiscountRequest, EndBehavior, Phase, ProrationBehavior, Schedule, ScheduleStatus},
    state::State,
    view::parts::{maybe_id, maybe_time, time},
};
use serde_json::{Value, json};

/// Returns Stripe's name of a status.
pub(crate) const fn schedule_status(status: ScheduleStatus) -> &'static str {
    match status {
        ScheduleStatus::Active => "active",
        ScheduleStatus::Completed => "completed",
        ScheduleStatus::Released => "released",
        ScheduleStatus::Canceled => "canceled",
    }
}

/// <https://docs.stripe.com/api/subscription_schedules/object>
pub(crate) fn schedule(state: &State, schedule: &Schedule) -> Result<Value> {
    let phases = schedule.phases.iter().map(|each| phase(state, each)).collect::<Result<Vec<_>>>()?;
    let current = schedule.current_phase();
    Ok(json!({
        "id": schedule.id.as_str(),
        "object": "subscription_schedule",
        "application": null,
        "billing_mode": billing_mode(),
        "canceled_at": maybe_time(schedule.canceled_at),
        "completed_at": maybe_time(schedule.completed_at),
        "created": time(schedule.created),
        "current_phase": current.map(|phase| json!({ "end_date": time(phase.end), "start_date": time(phase.start) })),
        "customer": schedule.customer.as_str(),
        "customer_account": null,
        "default_settings": {
            "application_fee_percent": null,
            "automatic_tax": automatic_tax(false),
            "billing_cycle_anchor": "automatic",
            "billing_thresholds": null,
            "collection_method": "charge_automatically",
            "default_payment_method": null,
            "description": null,
            "invoice_settings": {
                "account_tax_ids": null,
                "custom_fields": null,
                "days_until_due": null,
                "description": null,
                "footer": null,
                "issuer": { "type": "self" },
            },
            "on_behalf_of": null,
            "transfer_data": null,
        },
        "end_behavior": match schedule.end_behavior {
            EndBehavior::Release => "release",
            EndBehavior::Cancel => "cancel",
        },
        "livemode": false,
        "metadata": schedule.metadata,
        "phases": phases,
        "released_at": maybe_time(schedule.released_at),
        "released_subscription": maybe_id(schedule.released_subscription.as_ref()),
        "status": schedule_status(schedule.status),
        "subscription": maybe_id(schedule.subscription.as_ref()),
        "test_clock": null,
    }))
}

fn phase(state: &State, phase: &Phase) -> Result<Value> {
    let mut items = Vec::new();
    let mut currency = None;
    for item in &phase.items {
        currency = Some(state.prices.known(&item.price)?.currency);
        items.push(json!({
            "billing_thresholds": null,
            "discounts": [],
            "metadata": {},
            "plan": item.price.as_str(),
            "price": item.price.as_str(),
            "quantity": item.quantity,
            "tax_rates": [],
        }));
    }
    Ok(json!({
        "add_invoice_items": [],
        "application_fee_percent": null,
        "automatic_tax": phase.automatic_tax.map(automatic_tax),
        "billing_cycle_anchor": null,
        "billing_thresholds": null,
        "collection_method": null,
        "currency": currency,
        "default_payment_method": null,
        "default_tax_rates": [],
        "description": phase.description,
        "discounts": phase.discounts.iter().map(discount).collect::<Vec<_>>(),
        "end_date": time(phase.end),
        "invoice_settings": null,
        "items": items,
        "metadata": phase.metadata,
        "on_behalf_of": null,
        "proration_behavior": match phase.proration {
            ProrationBehavior::CreateProrations => "create_prorations",
            ProrationBehavior::AlwaysInvoice => "always_invoice",
            ProrationBehavior::None => "none",
        },
        "start_date": time(phase.start),
        "transfer_data": null,
        "trial_end": maybe_time(phase.trial_end),
    }))
}

/// <https://docs.stripe.com/api/subscription_schedules/object#subscription_schedule_object-phases-discounts>
fn discount(request: &DiscountRequest) -> Value {
    let (coupon, discount, code) = match request {
        DiscountRequest::Coupon(id) => (Some(id.as_str()), None, None),
        DiscountRequest::Existing(id) => (None, Some(id.as_str()), None),
        DiscountRequest::PromotionCode(id) => (None, None, Some(id.as_str())),
    };
    json!({ "coupon": coupon, "discount": discount, "promotion_code": code })
}
