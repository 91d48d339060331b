//! What Stripe holds and does: customers, subscriptions and prices that are missing, or were made without Berth.

mod contract;
mod missing;
mod outside;
mod prices;
