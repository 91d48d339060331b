//! Berth's assumptions about Stripe, checked through the real client against a running stand-in. Each file is a part of
//! the contract and does not depend on the stand-in's implementation.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an unexpected value should fail the test"
)]

mod asking;
mod browser;
mod catalogue;
mod clock;
mod customers;
mod delivery;
mod discounts;
mod fields;
mod overview;
mod payments;
mod requests;
mod reversals;
mod shapes;
mod shop;
mod subscriptions;
mod webhook;
