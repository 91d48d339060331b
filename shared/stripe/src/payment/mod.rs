//! Payments: checkout sessions, payment methods, invoices, refunds and disputes.

mod checkout;
mod debts;
mod disputes;
mod invoices;
mod payment_methods;
mod portal;
mod reversals;

pub use checkout::{NewSession, Session, SessionState};
pub(crate) use debts::InvoiceState;
pub use debts::VoidOutcome;
pub use invoices::Invoice;
pub use payment_methods::Card;
