//! A workspace's runtime: the wanted state, the known state, and members' commands.
//!
//! Members' wishes, the workspace's standing and the tasks that ECS shows are separate facts. [`Runtime::wanted`]
//! combines the first two, and `reconcile` compares the result with the third.

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
