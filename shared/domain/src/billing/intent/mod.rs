//! An intent: a command whose effect is at Stripe, written down before it is sent and removed once its outcome is known.
//!
//! A process that ends anywhere in between leaves the intent, and whoever finds it carries on: Stripe is asked under the same
//! keys, so that it does again nothing that it did.

mod attempt;
mod order;
mod record;

pub use attempt::Attempt;
pub use order::{Aim, Checkout, Offers, Order, PlanChange};
pub use record::{CallStep, Intent, KEY_LIFE, PATIENCE};
