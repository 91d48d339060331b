//! The tests of `stripe-events`, over the embedded table.

#![cfg(test)]

mod arrears;
mod listen;
mod lives;
mod unpaid;
