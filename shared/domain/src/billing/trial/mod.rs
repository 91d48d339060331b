//! Trials: how many days a subscription begins with that are not paid for. A workspace has one trial, and what whoever runs
//! the deployment grants it beyond.

mod days;
mod terms;

pub use days::{NoTrialDays, TrialDays};
pub use terms::Trial;
