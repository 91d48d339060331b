//! The lines of invoices.

use crate::{
    error::Result,
    model::{Invoice, Line, LineOrigin},
    state::State,
    view::parts::time,
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/invoice-line-item/object>; since 2025-03-31 the origin is in `parent` and the price in
/// `pricing`.
pub(crate) fn invoice_line(state: &State, invoice: &Invoice, line: &Line) -> Result<Value> {
    let price = state.prices.known(&line.price)?;
    let amounts = line.discounts.iter().map(|(id, amount)| json!({ "amount": amount, "discount": id.as_str() }));
    let amounts: Vec<_> = amounts.collect();
    Ok(json!({
        "id": line.id.as_str(),
        "object": "line_item",
        "amount": line.amount,
        "currency": invoice.currency,
        "description": line.description,
        "discount_amounts": amounts,
        "discountable": matches!(line.origin, LineOrigin::Period),
        "discounts": line.discounts.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        "invoice": invoice.id.as_str(),
        "livemode": false,
        "metadata": invoice.subscription_metadata,
        "parent": parent(invoice, line),
        "period": { "end": time(line.period.end), "start": time(line.period.start) },
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": { "price": price.id.as_str(), "product": price.product.as_str() },
            "type": "price_details",
            "unit_amount_decimal": price.unit_amount.to_string(),
        },
        "quantity": line.quantity,
        "quantity_decimal": line.quantity.to_string(),
        "subscription": invoice.subscription.as_str(),
        "subtotal": line.amount,
        "taxes": [],
    }))
}

fn parent(invoice: &Invoice, line: &Line) -> Value {
    match &line.origin {
        LineOrigin::Period => json!({
            "invoice_item_details": null,
            "subscription_item_details": {
                "invoice_item": null,
                "proration": false,
                "proration_details": { "credited_items": null },
                "subscription": invoice.subscription.as_str(),
                "subscription_item": line.item.as_str(),
            },
            "type": "subscription_item_details",
        }),
        LineOrigin::Proration { invoice_item, credits } => {
            let credited = credits
                .as_ref()
                .map(|(invoice, line)| json!({ "invoice": invoice.as_str(), "invoice_line_items": [line.as_str()] }));
            json!({
                "invoice_item_details": {
                    "invoice_item": invoice_item.as_str(),
                    "proration": true,
                    "proration_details": { "credited_items": credited },
                    "subscription": invoice.subscription.as_str(),
                },
                "subscription_item_details": null,
                "type": "invoice_item_details",
            })
        }
    }
}
