//! A workspace's runtime: what is wanted of it, what is known of it, and the commands of people.
//!
//! What people wish, what the workspace's standing allows and what ECS shows are separate facts; [`Runtime::wanted`] joins
//! the first two, `reconcile` compares the outcome with the third.

mod command;
mod runtime;
mod state;
mod stop_reason;
mod task_arn;

pub use command::{COMMANDS, Command, CommandError};
pub use runtime::{Runtime, Wanted, Wish};
pub(crate) use state::after;
pub use state::{RESIZE, RuntimeStatus, START, STOP, Serving, State};
pub use stop_reason::StopReason;
pub use task_arn::TaskArn;
