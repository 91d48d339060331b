//! Transitions of invoices: drafting, finalizing, collecting, and their prorations.

mod collection;
mod drafting;
mod proration;

pub(super) use collection::Attempt;
