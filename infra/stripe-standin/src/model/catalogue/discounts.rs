//! Coupons, promotion codes, and discounts, which are redeemed coupons
//! (<https://docs.stripe.com/billing/subscriptions/coupons>).

use super::super::currency::Currency;
use crate::{
    calendar::{Interval, nth},
    ids::{CouponId, CustomerId, DiscountId, PromotionCodeId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// Coupon (<https://docs.stripe.com/api/coupons/object>).
#[derive(Clone, Debug)]
pub(crate) struct Coupon {
    pub(crate) id: CouponId,
    pub(crate) created: Timestamp,
    pub(crate) name: Option<String>,
    pub(crate) value: CouponValue,
    pub(crate) duration: CouponDuration,
    pub(crate) max_redemptions: Option<i64>,
    pub(crate) times_redeemed: i64,
    pub(crate) metadata: Metadata,
}

/// Reduction by a coupon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CouponValue {
    /// Share of each line, in hundredths of a percent.
    Percent(i64),
    /// Amount of each invoice, in the minor unit of its currency.
    Amount(i64, Currency),
}

/// Time that a redeemed coupon lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CouponDuration {
    /// One invoice.
    Once,
    /// This number of months.
    Repeating(i64),
    Forever,
}

/// Code that customers redeem a coupon by (<https://docs.stripe.com/api/promotion_codes/object>).
#[derive(Clone, Debug)]
pub(crate) struct PromotionCode {
    pub(crate) id: PromotionCodeId,
    pub(crate) created: Timestamp,
    pub(crate) code: String,
    pub(crate) coupon: CouponId,
    pub(crate) active: bool,
    pub(crate) times_redeemed: i64,
    pub(crate) metadata: Metadata,
}

/// Redeemed coupon (<https://docs.stripe.com/api/discounts/object>).
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    pub(crate) id: DiscountId,
    pub(crate) customer: CustomerId,
    pub(crate) subscription: SubscriptionId,
    pub(crate) coupon: CouponId,
    pub(crate) promotion_code: Option<PromotionCodeId>,
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
}

/// Discount that a request names (<https://docs.stripe.com/api/subscriptions/update>, `discounts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DiscountRequest {
    Coupon(CouponId),
    PromotionCode(PromotionCodeId),
    /// Discount that exists already.
    Existing(DiscountId),
}

impl CouponDuration {
    /// Returns the end of a discount that starts then.
    pub(crate) fn ends(self, start: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Once | Self::Forever => None,
            Self::Repeating(months) => Some(nth(start, Interval::Month, months)),
        }
    }
}

impl CouponValue {
    /// Returns the reduction of an amount, rounded half up, of which `left` is not reduced yet.
    pub(crate) fn of(&self, left: i64) -> i64 {
        match self {
            Self::Percent(share) => left.saturating_mul(*share).saturating_add(5_000) / 10_000,
            Self::Amount(amount, _) => left.min(*amount),
        }
    }
}
