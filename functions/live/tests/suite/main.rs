//! Live connections: opening, messages, pushes, and what happens when connections die.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure in a test must end it"
)]

mod messages;
mod opening;
mod pushes;
mod simulation;
mod stage;
