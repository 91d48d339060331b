//! The tests of `billing`, over the embedded table and the stand-in for Stripe.

#![cfg(test)]

mod budgets;
mod changes;
mod checkout;
mod facts;
mod faults;
mod items;
mod missing;
mod outside;
mod overview;
mod states;
mod stripe_contract;
mod trials;
mod upgrades;
mod usage;
