//! Usage of a workspace and the limits of its plan.

mod count;
mod days;
mod entitlements;
pub(super) mod month;

pub use count::{CountedView, check_usage, check_usage_of_container, count_usage, count_usage_of_container};
pub use days::{DaysView, read_usage_by_day};
pub use entitlements::{EntitlementsView, read_entitlements, read_entitlements_of_container};
