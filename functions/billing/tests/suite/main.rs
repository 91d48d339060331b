//! The tests of `billing`, over the embedded table and the stand-in for Stripe.

#![cfg(test)]

mod budgets;
mod changes;
mod checkout;
mod crashes;
mod facts;
mod items;
mod missing;
mod outside;
mod overview;
mod states;
mod stripe_contract;
mod trials;
mod unanswered;
mod upgrades;
mod usage;
