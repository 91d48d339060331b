//! Commands under faults of Stripe, of the table and of the process.

mod crashes;
mod unanswered;
