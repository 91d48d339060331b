//! Payments: checkout sessions, payment methods, invoices, refunds and disputes.

mod checkout;
mod currencies;
mod debts;
mod disputes;
mod invoices;
mod payment_methods;
mod pending_updates;
mod portal;
mod reversals;

pub use checkout::{NewSession, Session, SessionState};
pub(crate) use debts::InvoiceState;
pub use debts::VoidOutcome;
pub(crate) use invoices::RawInvoice;
pub(crate) use payment_methods::Method;
pub use pending_updates::PendingUpdates;
