//! Checkout sessions.

use super::{
    account::NAME,
    catalogue::price,
    customers::{address, tax_ids},
    parts::{maybe_id, time, together, whole_list},
};
use crate::{
    error::Result,
    model::{DiscountRequest, Invoice, InvoiceStatus, NewItem, Session, SessionStatus},
    state::State,
};
use serde_json::{Value, json};

/// Returns Stripe's name of a status.
pub(crate) const fn session_status(status: &SessionStatus) -> &'static str {
    match status {
        SessionStatus::Open => "open",
        SessionStatus::Complete { .. } => "complete",
        SessionStatus::Expired => "expired",
    }
}

/// <https://docs.stripe.com/api/checkout/sessions/object>
pub(crate) fn session(state: &State, session: &Session) -> Result<Value> {
    let new = &session.new;
    let (sum, currency) = state.bought(&new.items)?;
    let trial = new.subscription.trial_days.is_some();
    let amount = if trial { 0 } else { sum };
    let (subscription, invoice) = match &session.status {
        SessionStatus::Complete { subscription, invoice } => (Some(subscription), Some(invoice)),
        SessionStatus::Open | SessionStatus::Expired => (None, None),
    };
    let customer = state.customers.known(&new.customer)?;
    let bill = invoice.and_then(|id| state.invoices.get(id));
    let paid = bill.is_some_and(|found| found.status == InvoiceStatus::Paid);
    let url = format!("{}/c/pay/{}", state.settings.public_url, session.id);
    Ok(together([
        fixed(),
        json!({
            "id": session.id.as_str(),
            "object": "checkout.session",
            "allow_promotion_codes": new.allow_promotion_codes,
            "amount_subtotal": amount,
            "amount_total": bill.map_or(amount, Invoice::total),
            "automatic_tax": automatic_tax(new.automatic_tax),
            "billing_address_collection": new.billing_address_collection,
            "cancel_url": new.cancel_url,
            "client_reference_id": new.client_reference_id,
            "created": time(session.created),
            "currency": currency,
            "customer": new.customer.as_str(),
            "customer_details": {
                "address": customer.address.as_ref().map(address),
                "business_name": null,
                "email": customer.email,
                "individual_name": null,
                "name": customer.name,
                "phone": customer.phone,
                "tax_exempt": "none",
                "tax_ids": tax_ids(&customer.tax_ids),
            },
            "discounts": new.discounts.iter().map(discount).collect::<Vec<_>>(),
            "expires_at": time(session.expires_at),
            "invoice": maybe_id(invoice),
            "locale": new.locale,
            "metadata": new.metadata,
            // https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_status
            "payment_status": match (&session.status, trial) {
                (SessionStatus::Open | SessionStatus::Expired, _) => "unpaid",
                (SessionStatus::Complete { .. }, true) => "no_payment_required",
                (SessionStatus::Complete { .. }, false) if paid => "paid",
                (SessionStatus::Complete { .. }, false) => "unpaid",
            },
            "status": session_status(&session.status),
            "subscription": maybe_id(subscription),
            "total_details": {
                "amount_discount": bill.map_or(0, |bill| bill.subtotal() - bill.total()),
                "amount_shipping": 0,
                "amount_tax": 0,
            },
            "success_url": new.success_url,
            "tax_id_collection": { "enabled": new.collects_tax_id, "required": "never" },
            // Present only while the page can be used.
            "url": if session.status == SessionStatus::Open { Some(url) } else { None },
        }),
    ]))
}

/// <https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-discounts>
fn discount(request: &DiscountRequest) -> Value {
    let (coupon, code) = match request {
        DiscountRequest::Coupon(id) => (Some(id.as_str()), None),
        DiscountRequest::PromotionCode(id) => (None, Some(id.as_str())),
        DiscountRequest::Existing(_) => (None, None),
    };
    json!({ "coupon": coupon, "promotion_code": code })
}

/// <https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-automatic_tax>
fn automatic_tax(enabled: bool) -> Value {
    let said = |word| if enabled { json!(word) } else { Value::Null };
    let liability = enabled.then(|| json!({ "type": "self" }));
    json!({ "enabled": enabled, "liability": liability, "provider": said("stripe"), "status": said("complete") })
}

/// Returns the fields with the same value for every session of the stand-in.
fn fixed() -> Value {
    json!({
        "adaptive_pricing": { "enabled": false },
        "after_expiration": null,
        "branding_settings": {
            "background_color": "#ffffff",
            "border_style": "rounded",
            "button_color": "#0074d4",
            "display_name": NAME,
            "font_family": "default",
            "icon": null,
            "logo": null,
        },
        "client_secret": null,
        "collected_information": null,
        "consent": null,
        "consent_collection": null,
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": {
            "after_submit": null,
            "shipping_address": null,
            "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer_account": null,
        "customer_creation": null,
        "customer_email": null,
        "integration_identifier": null,
        "invoice_creation": null,
        "livemode": false,
        "managed_payments": { "enabled": false },
        "mode": "subscription",
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": "always",
        "payment_method_configuration_details": null,
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "permissions": null,
        "phone_number_collection": { "enabled": false },
        "presentment_details": null,
        "recovered_from": null,
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"],
            "payment_method_remove": "disabled",
            "payment_method_save": null,
        },
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "submit_type": null,
        "ui_mode": "hosted_page",
        "wallet_options": null,
    })
}

/// <https://docs.stripe.com/api/checkout/sessions/line_items>
pub(crate) fn session_line_items(state: &State, session: &Session) -> Result<Value> {
    let lines = session.new.items.iter().enumerate().map(|(index, item)| line_item(state, session, index, item));
    let url = format!("/v1/checkout/sessions/{}/line_items", session.id);
    Ok(whole_list(lines.collect::<Result<Vec<_>>>()?, &url))
}

/// <https://docs.stripe.com/api/checkout/sessions/line_items>: the id is derived from the session's.
fn line_item(state: &State, session: &Session, index: usize, item: &NewItem) -> Result<Value> {
    let bought = state.prices.known(&item.price)?;
    let product = state.products.known(&bought.product)?;
    let amount = bought.unit_amount.saturating_mul(item.quantity);
    Ok(json!({
        "id": format!("li_{}{index}", session.id.as_str().trim_start_matches("cs_test_")),
        "object": "item",
        "adjustable_quantity": null,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": bought.currency,
        "description": product.name,
        "metadata": {},
        "price": price(bought),
        "quantity": item.quantity,
    }))
}
