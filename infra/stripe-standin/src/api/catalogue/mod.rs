//! The catalogue: products, prices, coupons and promotion codes.

pub(super) mod discounts;
pub(super) mod prices;
pub(super) mod products;
