//! Functions as Lambda runs them: the real bootstrap as a process, on a minimal Runtime API, with a small AWS and a small
//! Stripe, all on loopback. It needs neither Docker nor an account.
//!
//! It knows how Lambda starts and calls a function, and nothing of what a function does.

pub mod acme;
pub mod bootstrap;
pub mod loopback;
pub mod measure;
pub mod report;
pub mod runtime_api;
pub mod samples;
pub mod subjects;
pub mod template;
