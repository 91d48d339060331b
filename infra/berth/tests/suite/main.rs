//! The commands, against the stand-in for Stripe.

#![cfg(test)]

mod addons;
mod adopting;
mod crashes;
mod definitions;
mod program;
mod pushing;
mod shop;
mod trouble;
