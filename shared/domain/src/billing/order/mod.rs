//! Orders of a workspace: the decision on each, given its current subscription, and the customer's next step.

mod decision;
mod error;
mod next_step;

pub use decision::{
    OrderDecision, UPGRADE_MARGIN, cancel, change, check_checkout, check_upgrade_time, refusal, resume,
};
pub use error::OrderError;
pub use next_step::NextStep;
