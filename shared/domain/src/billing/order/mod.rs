//! Orders of a workspace: the decision on each, given its current subscription, and the customer's next step.

mod addons;
mod decision;
mod error;
mod kind;
mod migration;
mod next_step;
mod ordered;
mod price;

pub use addons::{carried_addons, change_addon};
pub use decision::{
    OrderDecision, UPGRADE_MARGIN, cancel, change, check_checkout, check_upgrade_time, refusal, resume,
};
pub use error::OrderError;
pub use kind::{ChangeKind, change_kind};
pub use migration::{InvalidMigration, Migration, MigrationTime, NotMigrated};
pub use next_step::NextStep;
pub use ordered::ordered_change;
pub use price::{first_price, subscribed_price};
