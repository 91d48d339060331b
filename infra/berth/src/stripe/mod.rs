//! Stripe's API, as far as the catalogue needs it: the account, products, prices, and numbers of subscriptions.

mod client;
mod error;
mod objects;

pub use client::{Client, Form};
pub use error::Error;
pub(crate) use objects::subscriptions;
pub use objects::{Inventory, Price, Product, Recurring};
