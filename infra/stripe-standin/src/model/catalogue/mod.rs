//! Products, prices and discounts.

mod discounts;
mod prices;

pub(crate) use discounts::{Coupon, CouponDuration, CouponValue, Discount, DiscountRequest, PromotionCode};
pub use prices::CataloguePrice;
pub(crate) use prices::{Price, Product};
