//! What Berth relies on at Stripe, asked through the real client against a served stand-in. Each file is a part of the
//! contract; nothing in it knows how the stand-in is made.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong in a test should end it"
)]

mod asking;
mod browser;
mod customers;
mod delivery;
mod fields;
mod overview;
mod requests;
mod reversals;
mod shapes;
mod shop;
mod subscriptions;
mod webhook;
