//! Billing without a caller: the driver of commands to Stripe, and the comparison of a workspace with Stripe.
//!
//! Stripe is the source of truth. A command is stored as an intent before it is sent, and its outcome is read from
//! Stripe. Events only say when to compare.

mod answer;
mod compare;
mod comparison;
mod deps;
mod driver;
mod error;
mod event;
mod notices;
mod orders;

pub use answer::{CheckoutView, SubscriptionView};
pub use compare::{Cause, LooksAt, compare, overdue};
pub use comparison::go_on;
pub use deps::Charging;
pub use driver::{finish_left, join, submit};
pub use error::Error;
pub use event::{HeardAs, hear};
pub use notices::{MailError, mail_notice};
pub use orders::Done;
