//! Payments: checkout sessions, payment methods, invoices, refunds and disputes.

mod checkout;
mod disputes;
mod invoices;
mod payment_methods;
mod pending_updates;
mod portal;
mod reversals;

pub use checkout::{NewSession, Session, SessionState};
pub use invoices::Invoice;
pub use payment_methods::Card;
pub use pending_updates::PendingUpdates;
