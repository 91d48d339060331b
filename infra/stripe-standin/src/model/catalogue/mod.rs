//! Products, prices and discounts.

mod discounts;
mod prices;
mod stock;

pub(crate) use discounts::{Coupon, CouponDuration, CouponValue, Discount, DiscountRequest, PromotionCode};
pub(crate) use prices::{Price, Product};
pub use stock::CataloguePrice;
