//! Payment methods and payment intents.

use crate::{
    model::{Intent, IntentStatus, MethodKind, PaymentMethod},
    view::parts::{maybe_id, time, together},
};
use serde_json::{Value, json};

/// Returns empty billing details.
pub(super) fn empty_billing_details() -> Value {
    let address =
        json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null });
    json!({ "address": address, "email": null, "name": null, "phone": null, "tax_id": null })
}

/// Returns the results of the bank's checks of a card.
pub(super) fn checks() -> Value {
    json!({ "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" })
}

/// <https://docs.stripe.com/api/payment_methods/object>
pub(crate) fn payment_method(method: &PaymentMethod) -> Value {
    let common = json!({
        "id": method.id.as_str(),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": empty_billing_details(),
        "created": time(method.created),
        "customer": maybe_id(method.customer.as_ref()),
        "customer_account": null,
        "livemode": false,
        "metadata": {},
        "type": method_type(method.kind),
    });
    together([
        common,
        match method.kind {
            MethodKind::Card => json!({ "card": {
            "brand": method.brand,
            "checks": checks(),
            "country": "US",
            "display_brand": method.brand,
            "exp_month": method.exp_month,
            "exp_year": method.exp_year,
            "fingerprint": method.fingerprint,
            "funding": "credit",
            "generated_from": null,
            "last4": method.last4,
            "networks": { "available": [method.brand], "preferred": null },
            "regulated_status": "unregulated",
            "three_d_secure_usage": { "supported": true },
            "wallet": null,
        } }),
            MethodKind::UsBankAccount => json!({ "us_bank_account": {
            "account_holder_type": "company",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": null,
            "fingerprint": method.fingerprint,
            "last4": method.last4,
            "networks": { "preferred": "ach", "supported": ["ach"] },
            "routing_number": "110000000",
            "status_details": {},
        } }),
        },
    ])
}

/// Returns Stripe's name of a type of payment method.
pub(crate) const fn method_type(kind: MethodKind) -> &'static str {
    match kind {
        MethodKind::Card => "card",
        MethodKind::UsBankAccount => "us_bank_account",
    }
}

/// <https://docs.stripe.com/api/payment_intents/object>
pub(crate) fn intent(intent: &Intent) -> Value {
    let declined = intent.status == IntentStatus::RequiresPaymentMethod && intent.latest_charge.is_some();
    let next_action = (intent.status == IntentStatus::RequiresAction)
        .then(|| json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect" } }));
    let error = json!({
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card was declined.",
    });
    json!({
        "id": intent.id.as_str(),
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": if intent.status == IntentStatus::Succeeded { intent.amount } else { 0 },
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic",
        "client_secret": format!("{}_secret_{}", intent.id, intent.secret),
        "confirmation_method": "automatic",
        "created": time(intent.created),
        "currency": intent.currency,
        "customer": intent.customer.as_str(),
        "customer_account": null,
        "description": intent.description,
        "excluded_payment_method_types": null,
        "last_payment_error": if declined { error } else { Value::Null },
        "latest_charge": maybe_id(intent.latest_charge.as_ref()),
        "livemode": false,
        "metadata": {},
        "next_action": next_action,
        "on_behalf_of": null,
        "payment_method": maybe_id(intent.payment_method.as_ref()),
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": "off_session",
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": match intent.status {
            IntentStatus::RequiresPaymentMethod => "requires_payment_method",
            IntentStatus::RequiresAction => "requires_action",
            IntentStatus::Processing => "processing",
            IntentStatus::Succeeded => "succeeded",
            IntentStatus::Canceled => "canceled",
        },
        "transfer_data": null,
        "transfer_group": null,
    })
}
