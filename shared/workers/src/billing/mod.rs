//! Billing without a caller: the driver of commands to Stripe, and the comparison of a workspace with Stripe.
//!
//! Stripe is the source of truth. A command is stored as an intent before it is sent, and its outcome is read from
//! Stripe. Events only say when to compare.

mod answer;
mod compare;
mod contract;
mod deps;
mod driver;
mod error;
mod event;
mod naming;
mod nightly;
mod notices;
mod orders;
mod replaced;
mod seats;
mod upkeep;

pub use answer::{CheckoutView, LastCommandView, SubscriptionView};
pub use compare::{
    ComparisonCause, ComparisonScope, check_customer, compare_due, compare_with_stripe, explain_absence,
};
pub use deps::BillingDeps;
pub(crate) use driver::intend;
pub use driver::{finish_intent, finish_interrupted, submit_order};
pub use error::Error;
pub use event::{EventOutcome, handle_event};
pub use nightly::{price_differences, queue_nightly_comparison};
pub use notices::mail_notice;
pub use orders::{OrderOutcome, OrderedItems};
pub use seats::{SeatsOutcome, check_seats};
