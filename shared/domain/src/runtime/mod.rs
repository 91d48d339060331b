//! runtime

pub mod heartbeat;
pub mod reconcile;
pub mod record;
pub mod token;
