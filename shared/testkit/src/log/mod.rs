//! The log lines of tests: captured for a test to read, or searched for secrets.

pub(crate) mod canary;
mod capture;
mod lines;

pub use lines::Lines;
