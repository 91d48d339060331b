//! Coupons, promotion codes and discounts.

use super::parts::{maybe_id, maybe_time, time};
use crate::model::{Coupon, CouponDuration, CouponValue, Discount, PromotionCode};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/coupons/object>
pub(crate) fn coupon(coupon: &Coupon) -> Value {
    let (percent, amount, currency) = match &coupon.value {
        CouponValue::Percent(share) => (json!(*share as f64 / 100.0), Value::Null, Value::Null),
        CouponValue::Amount(amount, currency) => (Value::Null, json!(amount), json!(currency)),
    };
    let (duration, months) = match coupon.duration {
        CouponDuration::Once => ("once", None),
        CouponDuration::Repeating(months) => ("repeating", Some(months)),
        CouponDuration::Forever => ("forever", None),
    };
    json!({
        "id": coupon.id.as_str(),
        "object": "coupon",
        "amount_off": amount,
        "created": time(coupon.created),
        "currency": currency,
        "duration": duration,
        "duration_in_months": months,
        "livemode": false,
        "max_redemptions": coupon.max_redemptions,
        "metadata": coupon.metadata,
        "name": coupon.name,
        "percent_off": percent,
        "redeem_by": null,
        "times_redeemed": coupon.times_redeemed,
        "valid": coupon.max_redemptions.is_none_or(|most| coupon.times_redeemed < most),
    })
}

/// <https://docs.stripe.com/api/promotion_codes/object>
pub(crate) fn promotion_code(code: &PromotionCode) -> Value {
    json!({
        "id": code.id.as_str(),
        "object": "promotion_code",
        "active": code.active,
        "code": code.code,
        "created": time(code.created),
        "customer": null,
        "customer_account": null,
        "expires_at": null,
        "livemode": false,
        "max_redemptions": null,
        "metadata": code.metadata,
        "promotion": { "coupon": code.coupon.as_str(), "type": "coupon" },
        "restrictions": {
            "first_time_transaction": false,
            "minimum_amount": null,
            "minimum_amount_currency": null,
        },
        "times_redeemed": code.times_redeemed,
    })
}

/// <https://docs.stripe.com/api/discounts/object>: since 2025-09-30 the coupon is in `source`.
pub(crate) fn discount(discount: &Discount) -> Value {
    json!({
        "id": discount.id.as_str(),
        "object": "discount",
        "checkout_session": null,
        "customer": discount.customer.as_str(),
        "customer_account": null,
        "end": maybe_time(discount.end),
        "invoice": null,
        "invoice_item": null,
        "promotion_code": maybe_id(discount.promotion_code.as_ref()),
        "source": { "coupon": discount.coupon.as_str(), "type": "coupon" },
        "start": time(discount.start),
        "subscription": discount.subscription.as_str(),
        "subscription_item": null,
    })
}
