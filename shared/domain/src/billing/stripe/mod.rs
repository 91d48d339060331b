//! Stripe's events, signatures and objects, and the facts derived from them.

mod debts;
pub mod event;
pub mod facts;
pub mod replacement;
pub mod signature;
