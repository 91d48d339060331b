//! The log lines of tests: captured for a test to read, or searched for secrets.

pub(crate) mod canary;
mod capture;
mod json;
mod lines;

pub use json::JsonLines;
pub use lines::Lines;
