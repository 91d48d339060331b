//! Stripe's API: what Berth asks of it, in async-stripe's requests, and what its answers mean to Berth.
//!
//! What changes something is sent under an idempotency key of its caller's and never repeated by the client, since whoever
//! repeats it must know what became of the first.
//! <https://docs.stripe.com/api/idempotent_requests>

mod account;
mod customers;
mod error;
mod listings;
mod payment;
mod shapes;
mod subscription;
mod wire;

pub use account::{Account, Stripe};
pub use error::Error;
pub use listings::Listed;
pub use payment::{Card, Invoice, NewSession, Session, SessionState};
pub use subscription::{End, Present, Schedule};
