//! Client of Stripe's API. Requests are those of async-stripe; answers are converted to domain types.
//!
//! Requests that change something have an idempotency key from the caller. The client repeats them only if Stripe has
//! done nothing, because the caller must find out the effect of the first request.
//! <https://docs.stripe.com/api/idempotent_requests>
//!
//! Every call returns [`Error`] if Stripe refuses the request or does not answer. A section `# Errors` names what a
//! function returns in addition.

#![expect(clippy::missing_errors_doc, reason = "the page of the crate states the error of every call")]

mod account;
mod customers;
mod error;
mod listings;
mod payment;
mod prices;
mod shapes;
mod subscription;
mod wire;

pub use account::{Account, Stripe};
pub use customers::CustomerState;
pub use error::Error;
pub use listings::ListPage;
pub use payment::{NewSession, PendingUpdates, Session, SessionState, VoidOutcome};
pub use prices::ChargedPrice;
pub use subscription::{
    CurrentSubscription, EndKeys, ItemChange, PendingCancellation, Proration, Purchase, Schedule, SubscriptionItem,
    UnpaidChange, UnpaidEnd, WantedAddon, WantedItems,
};
