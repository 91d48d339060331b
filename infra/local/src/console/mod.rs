//! The command line: what the user types, reads and interrupts.

pub mod args;
pub mod guide;
mod print;
pub mod signals;
pub mod usage;

pub use print::{complain, say, step};
