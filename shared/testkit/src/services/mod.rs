//! Stand-ins for ECS, SQS, Secrets Manager, KMS, S3 and the receivers of integrations.

pub(crate) mod cluster;
pub(crate) mod dead_letters;
pub(crate) mod queues;
pub(crate) mod receivers;
pub(crate) mod secrets;
pub(crate) mod sockets;
pub(crate) mod vault;

pub use cluster::{Refusal, RunningTask};
pub use queues::{FifoMessage, QueuedMessage};
pub use receivers::{Behaviour, Received, Receivers, shown_text};
pub use secrets::{StoredSecret, webhook_secret};
