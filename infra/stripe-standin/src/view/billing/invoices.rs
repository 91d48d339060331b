//! Invoices and their payments.

use super::{
    lines::invoice_line,
    subscriptions::{automatic_tax, with_status},
};
use crate::{
    error::ApiError,
    model::{BilledTo, BillingReason, Invoice, InvoicePayment, InvoiceStatus},
    state::State,
    view::account::NAME,
    view::customers::{address, tax_ids},
    view::parts::{maybe_time, time, together, whole_list},
};
use serde_json::{Value, json};

/// Returns Stripe's name of a status.
const fn status(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Draft => "draft",
        InvoiceStatus::Open => "open",
        InvoiceStatus::Paid => "paid",
        InvoiceStatus::Uncollectible => "uncollectible",
        InvoiceStatus::Void => "void",
    }
}

/// <https://docs.stripe.com/api/invoices/object>
pub(crate) fn invoice(state: &State, invoice: &Invoice) -> Value {
    together([amounts(invoice), about(state, invoice), fixed()])
}

/// Returns the fields for the amounts.
fn amounts(invoice: &Invoice) -> Value {
    let (due, paid, total) = (invoice.amount_due(), invoice.amount_paid(), invoice.total());
    let (subtotal, discounts) = (invoice.subtotal(), invoice.discounts());
    let amounts: Vec<_> =
        discounts.iter().map(|(id, amount)| json!({ "amount": amount, "discount": id.as_str() })).collect();
    json!({
        "amount_due": due,
        "amount_overpaid": 0,
        "amount_paid": paid,
        "amount_paid_off_stripe": 0,
        "amount_remaining": due - paid,
        "amount_shipping": 0,
        "attempt_count": invoice.attempts,
        "attempted": invoice.attempts > 0 || invoice.status == InvoiceStatus::Paid,
        "auto_advance": invoice.advances && matches!(invoice.status, InvoiceStatus::Draft | InvoiceStatus::Open),
        "currency": invoice.currency,
        "ending_balance": invoice.ending_balance,
        "starting_balance": invoice.starting_balance,
        "discounts": discounts.keys().map(|id| id.as_str()).collect::<Vec<_>>(),
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_discount_amounts": amounts,
        "total_excluding_tax": total,
    })
}

/// Returns the fields for the customer, the purpose and the status.
fn about(state: &State, invoice: &Invoice) -> Value {
    let id = invoice.id.as_str();
    let customer = state.customers.get(&invoice.customer);
    let shown: Vec<_> = invoice.lines.iter().filter_map(|each| invoice_line(state, invoice, each).ok()).collect();
    let tax = state.subscriptions.get(&invoice.subscription).is_some_and(|each| each.automatic_tax);
    // A draft shows the customer as they are.
    let billed_to = invoice.billed_to.clone().or_else(|| {
        let customer = customer?;
        Some(BilledTo {
            name: customer.name.clone(),
            address: customer.address.clone(),
            tax_ids: customer.tax_ids.clone(),
        })
    });
    let page = |last: &str| invoice.number.as_ref().map(|_| format!("{}{last}", page(state, invoice)));
    json!({
        "id": id,
        "object": "invoice",
        "automatic_tax": with_status(automatic_tax(tax), tax),
        "automatically_finalizes_at": maybe_time(invoice.finalizes_at),
        "billing_reason": match invoice.reason {
            BillingReason::Create => "subscription_create",
            BillingReason::Cycle => "subscription_cycle",
            BillingReason::Update => "subscription_update",
        },
        "created": time(invoice.created),
        "customer": invoice.customer.as_str(),
        "customer_email": customer.and_then(|customer| customer.email.clone()),
        "customer_address": billed_to.as_ref().and_then(|each| each.address.as_ref()).map(address),
        "customer_name": billed_to.as_ref().and_then(|each| each.name.clone()),
        "customer_tax_ids": billed_to.as_ref().map(|each| tax_ids(&each.tax_ids)),
        "last_finalization_error": invoice.finalization_failed.then(|| ApiError::finalization_failed().fields()),
        "customer_phone": customer.and_then(|customer| customer.phone.clone()),
        "effective_at": maybe_time(invoice.finalized_at),
        "hosted_invoice_url": page(""),
        "invoice_pdf": page("/pdf"),
        "lines": whole_list(shown, &format!("/v1/invoices/{id}/lines")),
        "next_payment_attempt": maybe_time(invoice.next_attempt),
        "number": invoice.number,
        "parent": {
            "quote_details": null,
            "subscription_details": {
                "metadata": invoice.subscription_metadata,
                "subscription": invoice.subscription.as_str(),
            },
            "type": "subscription_details",
        },
        "period_end": time(invoice.period.end),
        "period_start": time(invoice.period.start),
        "status": status(invoice.status),
        "status_transitions": {
            "finalized_at": maybe_time(invoice.finalized_at),
            "marked_uncollectible_at": maybe_time(invoice.uncollectible_at),
            "paid_at": maybe_time(invoice.paid_at),
            "voided_at": maybe_time(invoice.voided_at),
        },
        "webhooks_delivered_at": time(invoice.created),
    })
}

/// Returns the fields that the stand-in never sets.
fn fixed() -> Value {
    json!({
        "account_country": "US",
        "account_name": NAME,
        "account_tax_ids": null,
        "application": null,
        "collection_method": "charge_automatically",
        "custom_fields": null,
        "customer_account": null,
        "customer_shipping": null,
        "customer_tax_exempt": "none",
        "default_payment_method": null,
        "default_source": null,
        "default_tax_rates": [],
        "description": null,
        "due_date": null,
        "footer": null,
        "from_invoice": null,
        "issuer": { "type": "self" },
        "latest_revision": null,
        "livemode": false,
        "metadata": {},
        "on_behalf_of": null,
        "payment_settings": {
            "default_mandate": null,
            "payment_method_options": null,
            "payment_method_types": null,
        },
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": null,
        "rendering": null,
        "shipping_cost": null,
        "shipping_details": null,
        "statement_descriptor": null,
        "status_details": null,
        "test_clock": null,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    })
}

/// <https://docs.stripe.com/api/invoices/create_preview>: an invoice whose id cannot be retrieved.
pub(crate) fn preview(state: &State, previewed: &Invoice) -> Value {
    let mut object = invoice(state, previewed);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("id".to_owned(), json!(format!("upcoming_{}", previewed.id)));
        fields.insert("status".to_owned(), json!("draft"));
        for absent in ["number", "hosted_invoice_url", "invoice_pdf", "effective_at", "webhooks_delivered_at"] {
            fields.insert(absent.to_owned(), Value::Null);
        }
    }
    object
}

/// <https://docs.stripe.com/api/events/types#event_types-invoice.upcoming>: an invoice without an id.
pub(crate) fn upcoming(state: &State, previewed: &Invoice) -> Value {
    let mut object = preview(state, previewed);
    if let Some(fields) = object.as_object_mut() {
        fields.remove("id");
        fields.insert("billing_reason".to_owned(), json!("upcoming"));
    }
    object
}

/// <https://docs.stripe.com/api/invoice-payment/object>
pub(crate) fn invoice_payment(invoice: &Invoice, payment: &InvoicePayment) -> Value {
    let paid = invoice.status == InvoiceStatus::Paid;
    json!({
        "id": payment.id.as_str(),
        "object": "invoice_payment",
        "amount_paid": if paid { Some(invoice.amount_due()) } else { None },
        "amount_requested": invoice.amount_due(),
        "created": time(invoice.finalized_at.unwrap_or(invoice.created)),
        "currency": invoice.currency,
        "invoice": invoice.id.as_str(),
        "is_default": true,
        "livemode": false,
        "payment": { "payment_intent": payment.intent.as_str(), "type": "payment_intent" },
        "status": match invoice.status {
            InvoiceStatus::Paid => "paid",
            InvoiceStatus::Void => "canceled",
            InvoiceStatus::Draft | InvoiceStatus::Open | InvoiceStatus::Uncollectible => "open",
        },
        "status_transitions": { "canceled_at": maybe_time(invoice.voided_at), "paid_at": maybe_time(invoice.paid_at) },
    })
}

/// Returns the URL of the page on which it can be viewed and paid.
fn page(state: &State, invoice: &Invoice) -> String {
    format!("{}/i/{}/{}", state.settings.public_url, invoice.id, invoice.hosted)
}
