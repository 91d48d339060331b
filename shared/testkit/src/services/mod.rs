//! Stand-ins for ECS, SQS, Secrets Manager and the receivers of integrations.

pub(crate) mod cluster;
pub(crate) mod queues;
pub(crate) mod receivers;
pub(crate) mod secrets;
pub(crate) mod sockets;

pub use cluster::{Refusal, RunningTask};
pub use queues::{FifoMessage, QueuedMessage};
pub use receivers::{Behaviour, Received, Receivers, shown_text};
pub use secrets::{StoredSecret, webhook_secret};
