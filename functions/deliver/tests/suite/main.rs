//! The tests of `deliver`, over the embedded table and stand-ins for all receivers.

#![cfg(test)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

mod customer;
mod sending;
mod weather;
