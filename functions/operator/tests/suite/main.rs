//! The tests of `operator`, over the embedded table.

#![cfg(test)]

mod commands;
mod find;
mod owners;
mod suspension;
