//! Cards, payment intents, charges, refunds and disputes as JSON.

mod charges;
mod intents;
mod reversals;

pub(crate) use charges::charge;
pub(crate) use intents::{intent, method_type, payment_method};
pub(crate) use reversals::{dispute, refund};
