//! Live connections.

pub mod connections;
