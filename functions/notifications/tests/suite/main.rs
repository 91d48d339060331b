//! The tests of `notifications`, with the inboxes that `notifier` writes, over the embedded table.

#![cfg(test)]

mod members;
mod races;
mod routes;
mod simulation;
mod stage;
