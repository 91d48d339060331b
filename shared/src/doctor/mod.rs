//! The doctor finds and repairs differences between the table, ECS, Stripe and Secrets Manager about a workspace.
//!
//! It is the only use case of a request that calls all of them. All repairs are one transaction: counters and addresses
//! are corrected directly; the runtime and the billing are reconciled by the usual workers.

mod deps;
mod error;
mod examine;
mod repair;
mod view;

pub use deps::DoctorDeps;
pub use error::Error;
pub use examine::compare_prices;
pub use repair::{RepairExtent, examine_for_operator, examine_workspace, repair_for_operator, repair_workspace};
pub use view::ExaminationView;
