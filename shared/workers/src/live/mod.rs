//! Live connections: opens and closes them, and pushes to their clients.
//!
//! A push is decided on what is stored when it is sent: who is not a member any more, or may not see something any more, does
//! not get it. It is sent once. A client that misses one sees so by the counts of the next, and catches up.

mod connections;
mod deps;
mod message;
mod push;

pub use connections::{OpenError, admit, close, listener, open};
pub use deps::LiveDeps;
pub use message::{EndReason, LiveMessage};
pub use push::{notify, push_inbox, push_notice, send};
