//! Trials: unpaid days at the start of a subscription. A workspace has one trial, and further ones that the operator
//! grants.

mod days;
mod terms;

pub use days::{InvalidTrialDays, TrialDays};
pub use terms::Trial;
