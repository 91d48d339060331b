//! Refunds and disputes.

use crate::{
    calendar::later,
    model::{Dispute, DisputeStatus, EVIDENCE, Refund},
    state::State,
    view::parts::time,
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/refunds/object>
pub(crate) fn refund(refund: &Refund) -> Value {
    json!({
        "id": refund.id.as_str(),
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": null,
        "charge": refund.charge.as_str(),
        "created": time(refund.created),
        "currency": refund.of.currency,
        "customer": refund.of.customer.as_str(),
        "customer_account": null,
        "destination_details": { "card": { "type": "refund" }, "type": "card" },
        "metadata": refund.metadata,
        "payment_intent": refund.of.intent.as_str(),
        "payment_method": refund.of.payment_method.as_str(),
        "reason": refund.reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    })
}

/// <https://docs.stripe.com/api/disputes/object>: it names its charge and not its customer.
pub(crate) fn dispute(state: &State, dispute: &Dispute) -> Value {
    let brand = state.payment_methods.get(&dispute.charge.payment_method).map_or("visa", |method| method.brand);
    let due = later(dispute.created, EVIDENCE);
    json!({
        "id": dispute.id.as_str(),
        "object": "dispute",
        "amount": dispute.charge.amount,
        "balance_transactions": [],
        "charge": dispute.charge.id.as_str(),
        "created": time(dispute.created),
        "currency": dispute.charge.currency,
        "enhanced_eligibility_types": [],
        "evidence": evidence(),
        "evidence_details": {
            "due_by": time(due),
            "enhanced_eligibility": {},
            "has_evidence": false,
            "past_due": state.now > due,
            "submission_count": 0,
        },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": dispute.charge.intent.as_str(),
        "payment_method_details": {
            "card": { "brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": "10.4" },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": match dispute.status {
            DisputeStatus::NeedsResponse => "needs_response",
            DisputeStatus::Won => "won",
            DisputeStatus::Lost => "lost",
        },
    })
}

/// Returns empty evidence, because the stand-in accepts none.
fn evidence() -> Value {
    json!({
        "access_activity_log": null,
        "billing_address": null,
        "cancellation_policy": null,
        "cancellation_policy_disclosure": null,
        "cancellation_rebuttal": null,
        "customer_communication": null,
        "customer_email_address": null,
        "customer_name": null,
        "customer_purchase_ip": null,
        "customer_signature": null,
        "duplicate_charge_documentation": null,
        "duplicate_charge_explanation": null,
        "duplicate_charge_id": null,
        "enhanced_evidence": {},
        "product_description": null,
        "receipt": null,
        "refund_policy": null,
        "refund_policy_disclosure": null,
        "refund_refusal_explanation": null,
        "service_date": null,
        "service_documentation": null,
        "shipping_address": null,
        "shipping_carrier": null,
        "shipping_date": null,
        "shipping_documentation": null,
        "shipping_tracking_number": null,
        "uncategorized_file": null,
        "uncategorized_text": null,
    })
}
