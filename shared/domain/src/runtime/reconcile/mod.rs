//! The planner: computes the steps from the observed state of a runtime to the wanted one. It is pure and handles every
//! observable state.
//!
//! A launch is recorded before it is requested, and requested again under the same attempt until its outcome is known.
//! The next attempt begins only after the last was refused or its task was seen stopped. A recorded state never follows
//! an older observation: a running runtime does not go back to starting because ECS still shows its task as pending.

mod facts;
mod launch;
mod steps;
mod task;
#[cfg(test)]
mod tests;

pub use launch::{Launch, LaunchNumber, LaunchOutcome, LaunchRefusal, LaunchTarget};
pub use steps::{Step, steps};
pub use task::{Phase, Task, TaskEnd};
