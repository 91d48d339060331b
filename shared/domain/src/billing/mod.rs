//! Billing: orders and their intents, subscriptions as facts, and the interpretation of Stripe's objects.

pub mod account;
pub(crate) mod audit;
pub mod comparison;
pub mod customer;
pub mod intent;
pub mod invoice;
pub mod notice;
mod occurrences;
pub mod order;
pub mod pending;
pub mod return_url;
pub mod reversal;
pub mod stripe;
pub mod subscription;
pub mod trial;
