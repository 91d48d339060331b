//! Transitions of invoices: drafted, finalized, collected, and the prorations that go into them.

mod collection;
mod drafting;
mod proration;

pub(super) use collection::Attempt;
