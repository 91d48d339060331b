//! The steps from what ECS shows to what is wanted of a runtime: pure, for every world that can be observed.
//!
//! A launch is recorded before it is asked for, and asked for again under the same attempt until its outcome is known;
//! the next attempt begins only when the last was refused or its task was seen stopped. A state that is recorded never
//! follows an older observation: nothing moves back from running because a task is still shown as pending.

mod facts;
mod launch;
mod steps;
mod task;
#[cfg(test)]
mod tests;

pub use launch::{Attempt, Launch, Outcome, Placement, Refused};
pub use steps::{Step, steps};
pub use task::{Ending, Phase, Task};
