//! A workspace's runtime: the wanted state, the known state, and members' commands.
//!
//! Members' wishes, the workspace's standing and the tasks that ECS shows are separate facts. [`Runtime::wanted`]
//! combines the first two, and `reconcile` compares the result with the third.

mod check;
mod command;
mod runtime;
mod state;
mod stop_reason;
mod task_arn;

pub use check::CHECK;
pub use command::{COMMANDS, CommandError, RuntimeCommand};
pub use runtime::{Runtime, WantedState, Wish};
pub(crate) use state::after;
pub use state::{RESIZE, RuntimeState, RuntimeStatus, START, STOP, Serving};
pub use stop_reason::StopReason;
pub use task_arn::TaskArn;
