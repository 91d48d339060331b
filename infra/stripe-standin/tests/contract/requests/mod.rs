//! Requests that are refused, repeated, or faulty.

mod faults;
mod idempotency;
mod missing;
mod refusals;
