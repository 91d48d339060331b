//! The tests of `sweeper`, over the embedded table.

#![cfg(test)]

mod account;
mod deletion;
mod keys;
mod letters;
mod notices;
mod payments;
mod runtimes;
mod seats;
mod sweep;
