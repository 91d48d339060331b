//! The tests of `reconciler`, over the embedded table.

#![cfg(test)]

mod crashes;
mod messages;
mod simulation;
