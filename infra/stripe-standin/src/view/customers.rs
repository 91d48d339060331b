//! Customers.

use super::parts::{maybe_id, time};
use crate::model::{Address, Customer, TaxId};
use serde_json::{Value, json};

/// Returns an address with all of its fields.
pub(super) fn address(address: &Address) -> Value {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "city": given(&address.city),
        "country": given(&address.country),
        "line1": given(&address.line1),
        "line2": null,
        "postal_code": given(&address.postal_code),
        "state": null,
    })
}

/// Returns tax ids as invoices and sessions show them.
pub(super) fn tax_ids(tax_ids: &[TaxId]) -> Value {
    tax_ids.iter().map(|each| json!({ "type": each.kind, "value": each.value })).collect()
}

/// <https://docs.stripe.com/api/customers/object>; a deleted customer has only its id
/// (<https://docs.stripe.com/api/customers/delete>).
pub(crate) fn customer(customer: &Customer) -> Value {
    if customer.deleted {
        return json!({ "id": customer.id.as_str(), "object": "customer", "deleted": true });
    }
    json!({
        "id": customer.id.as_str(),
        "object": "customer",
        "address": customer.address.as_ref().map(address),
        "balance": customer.balance,
        "business_name": null,
        "created": time(customer.created),
        "currency": customer.currency,
        "customer_account": null,
        "default_source": null,
        "delinquent": customer.delinquent,
        "description": customer.description,
        "discount": null,
        "email": customer.email,
        "individual_name": null,
        "invoice_prefix": customer.invoice_prefix,
        "invoice_settings": {
            "custom_fields": null,
            "default_payment_method": maybe_id(customer.default_payment_method.as_ref()),
            "footer": null,
            "rendering_options": null,
        },
        "livemode": false,
        "metadata": customer.metadata,
        "name": customer.name,
        "next_invoice_sequence": customer.next_invoice,
        "phone": customer.phone,
        "preferred_locales": [],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": null,
    })
}
