//! Products, prices, and plans, which are the older form of prices.

use super::parts::{maybe_id, time};
use crate::model::{Price, Product};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/products/object>
pub(crate) fn product(product: &Product) -> Value {
    let features: Vec<_> = product.marketing_features.iter().map(|name| json!({ "name": name })).collect();
    json!({
        "id": product.id.as_str(),
        "object": "product",
        "active": product.active,
        "created": time(product.created),
        "default_price": maybe_id(product.default_price.as_ref()),
        "description": product.description,
        "images": [],
        "livemode": false,
        "marketing_features": features,
        "metadata": product.metadata,
        "name": product.name,
        "package_dimensions": null,
        "shippable": null,
        "statement_descriptor": null,
        "tax_code": null,
        "tax_details": null,
        "type": "service",
        "unit_label": null,
        "updated": time(product.updated),
        "url": null,
    })
}

/// <https://docs.stripe.com/api/prices/object>
pub(crate) fn price(price: &Price) -> Value {
    json!({
        "id": price.id.as_str(),
        "object": "price",
        "active": price.active,
        "billing_scheme": "per_unit",
        "created": time(price.created),
        "currency": price.currency,
        "custom_unit_amount": null,
        "livemode": false,
        "lookup_key": price.lookup_key,
        "metadata": price.metadata,
        "nickname": price.nickname,
        "product": price.product.as_str(),
        "recurring": {
            "interval": price.interval.word(),
            "interval_count": 1,
            "meter": null,
            "trial_period_days": null,
            "usage_type": "licensed",
        },
        "tax_behavior": "unspecified",
        "tiers_mode": null,
        "transform_quantity": null,
        "type": "recurring",
        "unit_amount": price.unit_amount,
        "unit_amount_decimal": price.unit_amount.to_string(),
    })
}

/// <https://docs.stripe.com/api/plans/object>
pub(crate) fn plan(price: &Price) -> Value {
    json!({
        "id": price.id.as_str(),
        "object": "plan",
        "active": price.active,
        "amount": price.unit_amount,
        "amount_decimal": price.unit_amount.to_string(),
        "billing_scheme": "per_unit",
        "created": time(price.created),
        "currency": price.currency,
        "interval": price.interval.word(),
        "interval_count": 1,
        "livemode": false,
        "metadata": price.metadata,
        "meter": null,
        "nickname": price.nickname,
        "product": price.product.as_str(),
        "tiers_mode": null,
        "transform_usage": null,
        "trial_period_days": null,
        "usage_type": "licensed",
    })
}
