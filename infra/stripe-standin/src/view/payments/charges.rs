//! Charges.

use super::{
    intents::{checks, empty_billing_details},
    reversals::refund,
};
use crate::{
    model::{Charge, MethodKind, PaymentMethod},
    state::State,
    view::parts::{time, together, whole_list},
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/charges/object>
pub(crate) fn charge(state: &State, charge: &Charge) -> Value {
    let url = format!("/v1/charges/{}/refunds", charge.id);
    let paid = charge.succeeded;
    let refunds = state.refunds.newest().filter(|refund| refund.charge == charge.id);
    let said = json!({
        "id": charge.id.as_str(),
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": if paid { charge.amount } else { 0 },
        "amount_refunded": charge.refunded,
        "application": null,
        "application_fee": null,
        "application_fee_amount": null,
        "balance_transaction": null,
        "billing_details": empty_billing_details(),
        "calculated_statement_descriptor": "STAND-IN",
        "captured": paid,
        "created": time(charge.created),
        "currency": charge.currency,
        "customer": charge.customer.as_str(),
        "description": state.intents.get(&charge.intent).map(|intent| intent.description),
        "disputed": charge.disputed,
        "failure_balance_transaction": null,
        "failure_code": if paid || charge.pending { None } else { Some("card_declined") },
        "failure_message": if paid || charge.pending { None } else { Some("Your card was declined.") },
        "fraud_details": {},
    });
    let rest = json!({
        "livemode": false,
        "metadata": {},
        "on_behalf_of": null,
        "outcome": outcome(paid || charge.pending),
        "paid": paid,
        "payment_intent": charge.intent.as_str(),
        "payment_method": charge.payment_method.as_str(),
        "payment_method_details": state.payment_methods.get(&charge.payment_method).map(details),
        "receipt_email": null,
        "receipt_number": null,
        "receipt_url": null,
        "refunded": paid && charge.refunded >= charge.amount,
        "refunds": whole_list(refunds.map(refund).collect(), &url),
        "review": null,
        "shipping": null,
        "source": null,
        "source_transfer": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": match (paid, charge.pending) {
            (true, _) => "succeeded",
            (false, true) => "pending",
            (false, false) => "failed",
        },
        "transfer_data": null,
        "transfer_group": null,
    });
    together([said, rest])
}

/// <https://docs.stripe.com/api/charges/object#charge_object-outcome>
fn outcome(paid: bool) -> Value {
    let (kind, network, reason, message) = if paid {
        ("authorized", "approved_by_network", None, "Payment complete.")
    } else {
        let message = "The bank did not return any further details with this decline.";
        ("issuer_declined", "declined_by_network", Some("generic_decline"), message)
    };
    json!({
        "advice_code": null,
        "network_advice_code": null,
        "network_decline_code": null,
        "network_status": network,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": message,
        "type": kind,
    })
}

/// <https://docs.stripe.com/api/charges/object#charge_object-payment_method_details>
fn details(method: &PaymentMethod) -> Value {
    match method.kind {
        MethodKind::Card => card_details(method),
        MethodKind::UsBankAccount => json!({
            "type": "us_bank_account",
            "us_bank_account": {
                "account_holder_type": "company",
                "account_type": "checking",
                "bank_name": "STRIPE TEST BANK",
                "expected_debit_date": null,
                "fingerprint": method.fingerprint,
                "last4": method.last4,
                "mandate": null,
                "payment_reference": null,
                "routing_number": "110000000",
            },
        }),
    }
}

fn card_details(method: &PaymentMethod) -> Value {
    json!({
        "card": {
            "amount_authorized": null,
            "authorization_code": null,
            "brand": method.brand,
            "checks": checks(),
            "country": "US",
            "exp_month": method.exp_month,
            "exp_year": method.exp_year,
            "extended_authorization": { "status": "disabled" },
            "fingerprint": method.fingerprint,
            "funding": "credit",
            "incremental_authorization": { "status": "unavailable" },
            "installments": null,
            "last4": method.last4,
            "mandate": null,
            "multicapture": { "status": "unavailable" },
            "network": method.brand,
            "network_token": { "used": false },
            "network_transaction_id": null,
            "overcapture": null,
            "regulated_status": "unregulated",
            "three_d_secure": null,
            "transaction_link_id": null,
            "wallet": null,
        },
        "type": "card",
    })
}
