//! The tests of `billing`, over the embedded table and the stand-in for Stripe.

#![cfg(test)]

mod addons;
mod budgets;
mod changes;
mod checkout;
mod facts;
mod faults;
mod items;
mod other_plans;
mod overview;
mod states;
mod stripe;
mod trials;
mod upgrades;
mod usage;
