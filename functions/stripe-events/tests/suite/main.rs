//! The tests of `stripe-events`, over the embedded table.

#![cfg(test)]

mod listen;
mod lives;
