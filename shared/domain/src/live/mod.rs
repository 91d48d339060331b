//! Live connections: what a browser keeps open to see at once what happens in a workspace.

pub mod connection;
pub mod ticket;
