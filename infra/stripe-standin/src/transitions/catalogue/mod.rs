//! The account's catalogue: prices, coupons and their redemption.

mod account;
mod discounts;
