//! The suspension of a workspace by the operator. What continues meanwhile is decided by
//! [`Action::while_suspended`](crate::identity::access::Action::while_suspended).

use crate::{
    text::{PersonName, SuspensionReason},
    workspace::head::Workspace,
};
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

impl Workspace {
    /// The workspace suspended by the operator `by`, or `None` if it is suspended for this reason already.
    #[must_use]
    pub fn suspended_for(&self, reason: SuspensionReason, by: PersonName, now: Timestamp) -> Option<Self> {
        let current = self.suspended.as_ref();
        if current.is_some_and(|suspension| suspension.reason == reason) {
            return None;
        }
        let at = current.map_or(now, |suspension| suspension.at);
        Some(self.with_suspension(Some(Suspension { reason, at, by })))
    }

    /// The workspace without its suspension, or `None` if it has none.
    #[must_use]
    pub fn unsuspended(&self) -> Option<Self> {
        self.suspended.as_ref().map(|_| self.with_suspension(None))
    }

    fn with_suspension(&self, suspended: Option<Suspension>) -> Self {
        let suspension_version = self.suspension_version.saturating_add(1);
        Self { suspended, suspension_version, ..self.clone() }
    }
}
