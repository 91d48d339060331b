//! The suspension of a workspace by the operator. What continues meanwhile is decided by
//! [`Action::while_suspended`](crate::identity::access::Action::while_suspended).

use crate::text::{PersonName, SuspensionReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a workspace is suspended, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// What its members are told.
    pub reason: SuspensionReason,
    /// When it began. Another reason does not begin it again.
    pub at: Timestamp,
    /// The operator who gave the reason.
    pub by: PersonName,
}
