//! The tests of `stripe-webhook`, over the embedded table.

#![cfg(test)]

mod common;
mod logs;
mod refuse;
mod take;
