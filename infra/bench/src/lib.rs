//! Functions as Lambda runs them: the real bootstrap as a process, on a bare Runtime API, with a small AWS and a small Stripe
//! behind it, all on loopback. No Docker and no account.
//!
//! It knows how Lambda starts and calls a function; it knows nothing of what a function does.

pub mod acme;
pub mod bootstrap;
pub mod loopback;
pub mod measure;
pub mod report;
pub mod runtime_api;
pub mod samples;
pub mod subjects;
pub mod template;
