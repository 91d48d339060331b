//! The tests of `stripe-events`, over the embedded table.

#![cfg(test)]

mod arrears;
mod delayed;
mod disputes;
mod ended;
mod listen;
mod lives;
mod second;
mod unpaid;
