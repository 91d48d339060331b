//! Requests that are refused, repeated, or go wrong.

mod faults;
mod idempotency;
mod refusals;
