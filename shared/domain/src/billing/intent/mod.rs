//! Intents: commands to Stripe, recorded before they are sent and closed once their outcome is known.
//!
//! A process that ends in between leaves the intent. The next process that finds it continues with the same idempotency
//! keys, so that Stripe does not repeat anything it has done.

mod last;
mod number;
mod order;
mod record;

pub use last::{CommandKind, CommandStatus, LastCommand};
pub use number::IntentNumber;
pub use order::{Aim, Checkout, MigrationOrder, Offers, Order, OrderedAddon, OrderedPrice, PlanChange};
pub use record::{CallStep, Intent, KEY_LIFE, PATIENCE};
