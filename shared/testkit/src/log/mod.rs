//! The log lines of tests: captured for a test to read, or searched for secrets.

pub(crate) mod canary;
mod keeper;
mod lines;

pub use lines::Lines;
