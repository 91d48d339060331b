//! The suspension of a workspace by the operator.
//! [`Action::while_suspended`](crate::identity::access::Action::while_suspended) decides which actions continue
//! meanwhile.

use crate::text::{PersonName, SuspensionReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The suspension of a workspace: its reason and its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The reason shown to the members.
    pub reason: SuspensionReason,
    /// Start of the suspension. Changing the reason keeps it.
    pub at: Timestamp,
    /// The operator who gave the reason.
    pub by: PersonName,
}
