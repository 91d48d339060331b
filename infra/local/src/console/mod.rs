//! Command line: arguments, output and signals.

pub mod args;
pub mod guide;
mod print;
pub mod signals;
pub mod usage;

pub use print::{print_error, print_result, print_step};
