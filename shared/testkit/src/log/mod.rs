//! The log lines of the tests: captured for a test to read, or kept and searched for secrets.

pub(crate) mod canary;
mod keeper;
mod lines;

pub use lines::Lines;
