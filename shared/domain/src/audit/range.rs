//! The part of an audit log that a request asks for, and why it may be refused.

use crate::{
    error::{Details, Kind, Refusal},
    plans::names::{FeatureName, PlanName},
};
use jiff::Timestamp;

/// The feature that opens the audit log; without it a plan has the activity only.
pub const FEATURE: FeatureName = FeatureName::literal("audit_export");

/// A part of the log by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Begins with records of this time.
    pub from: Timestamp,
    /// Ends before records of this time; `None` at the end of the log.
    pub to: Option<Timestamp>,
}

/// The reason a part of the log is not given out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditRefusal {
    /// The plan does not have the feature.
    #[error("the workspace's plan does not include the audit log; GET /team/activity lists the activity")]
    NotIncluded {
        /// The smallest plan that has it.
        upgrade_to: Option<PlanName>,
    },
    /// The range ends before it begins.
    #[error("`to` must be later than `from`; exchange them")]
    Inverted,
}

impl Refusal for AuditRefusal {
    fn kind(&self) -> Kind {
        match self {
            Self::NotIncluded { .. } => Kind::OverPlan,
            Self::Inverted => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotIncluded { .. } => "audit_log_not_included",
            Self::Inverted => "range_inverted",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::NotIncluded { upgrade_to } => Details { upgrade_to: *upgrade_to, ..Details::default() },
            Self::Inverted => Details::default(),
        }
    }
}

impl Range {
    /// Returns the part between `from` and `to`, neither of which is required.
    ///
    /// # Errors
    /// [`AuditRefusal::Inverted`] if it ends before it begins.
    pub fn new(from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Self, AuditRefusal> {
        let from = from.unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH);
        if to.is_some_and(|to| to <= from) { Err(AuditRefusal::Inverted) } else { Ok(Self { from, to }) }
    }

    /// The part of it from `since` on.
    #[must_use]
    pub fn since(self, since: Timestamp) -> Self {
        Self { from: self.from.max(since), ..self }
    }
}
