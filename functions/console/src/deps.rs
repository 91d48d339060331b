//! The dependencies of the console.

use queue::DeadLetterQueues;
use shared::doctor::DoctorDeps;

/// Dependencies of the console.
#[derive(Debug, Clone)]
pub struct ConsoleDeps {
    /// What commands need.
    pub doctor: DoctorDeps,
    /// The dead-letter queues.
    pub queues: DeadLetterQueues,
}
