//! The tests of `console`, over the embedded table.

#![cfg(test)]

mod answers;
mod commands;
mod letters;
mod queues;
mod staff;
mod stage;
