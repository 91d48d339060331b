//! The doctor: in what the table, ECS, Stripe and Secrets Manager differ about a workspace, and having that put right.
//!
//! It is the one use case of a request that calls all of them. What it repairs, it repairs in one transaction: counters and
//! addresses at once, the runtime and the billing by having them looked after, as at any other time.

mod deps;
mod error;
mod look;
mod repair;
mod view;

pub use deps::Doctor;
pub use error::Error;
pub use repair::{examine, examine_for, repair, repair_for};
pub use view::ExaminationView;
