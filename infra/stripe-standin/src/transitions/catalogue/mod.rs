//! The account's catalogue: products, prices, coupons and their redemption.

mod account;
mod discounts;
mod prices;
mod products;

pub(crate) use prices::{NewPrice, PriceFields};
pub(crate) use products::ProductFields;
