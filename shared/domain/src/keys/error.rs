//! Reasons to refuse a change of keys.

use super::bounds::{MAX_DAYS, MAX_OVERLAP_HOURS};
use super::scope::KeyScope;
use crate::{
    error::{Details, Kind, Refusal},
    identity::access::Role,
    plans::names::PlanName,
    usage::Meter,
};

/// A change of keys is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no such key.
    #[error("there is no such API key in this workspace; GET /api-keys lists them")]
    Absent,
    /// The plan allows no more keys.
    #[error(
        "the plan {plan} allows {limit} API keys, and {used} exist; revoke one that is no longer needed, or upgrade to a larger plan"
    )]
    LimitReached {
        /// The plan in force.
        plan: PlanName,
        /// The smallest larger plan that allows more.
        upgrade_to: Option<PlanName>,
        /// The meter.
        meter: Meter,
        /// The limit of the plan.
        limit: u64,
        /// The number of keys.
        used: u64,
    },
    /// A payment is overdue, and the grace period has ended.
    #[error("a payment is overdue; pay the open invoice, then send the request again")]
    PastDue,
    /// Only owners make service keys.
    #[error("only owners make service keys, which rest on the workspace; make a key of your own instead")]
    OwnersOnly,
    /// The scope makes no sense for a service key.
    #[error("a service key has no inbox, so it cannot have the scope {scope}; leave it out")]
    ScopeNeedsMaker {
        /// The scope.
        scope: KeyScope,
    },
    /// The key lacks the scope.
    #[error("the API key lacks the scope {scope}, and a key never gets more; make a new one")]
    MoreScopes {
        /// The scope.
        scope: KeyScope,
    },
    /// The key is of another member.
    #[error("only its maker rotates an API key, and owners a service key; revoke it, and make a key of your own")]
    OfAnother,
    /// The validity is out of range.
    #[error("must be between 1 and {MAX_DAYS} days")]
    Validity,
    /// The overlap is out of range.
    #[error("must be between 0 and {MAX_OVERLAP_HOURS} hours")]
    Overlap,
    /// Another request changed the key first.
    #[error("the API key is being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for KeyError {
    fn kind(&self) -> Kind {
        match self {
            Self::Absent => Kind::Absent,
            Self::LimitReached { .. } | Self::PastDue => Kind::OverPlan,
            Self::OwnersOnly | Self::OfAnother => Kind::Forbidden,
            Self::ScopeNeedsMaker { .. } | Self::MoreScopes { .. } | Self::ChangedMeanwhile => Kind::Conflict,
            Self::Validity | Self::Overlap => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Absent => "key_not_found",
            Self::LimitReached { .. } => "workspace_key_limit",
            Self::PastDue => "workspace_past_due",
            Self::OwnersOnly => "service_keys_by_owners",
            Self::ScopeNeedsMaker { .. } => "scope_needs_maker",
            Self::MoreScopes { .. } => "scopes_only_narrow",
            Self::OfAnother => "key_of_another",
            Self::Validity | Self::Overlap => "invalid_request",
            Self::ChangedMeanwhile => "key_changed",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::LimitReached { upgrade_to, meter, limit, used, .. } => {
                Details { meter: Some(meter), limit: Some(limit), used: Some(used), upgrade_to, ..Details::default() }
            }
            Self::OwnersOnly => Details { required_role: Some(Role::Owner), ..Details::default() },
            Self::Absent
            | Self::PastDue
            | Self::ScopeNeedsMaker { .. }
            | Self::MoreScopes { .. }
            | Self::OfAnother
            | Self::Validity
            | Self::Overlap
            | Self::ChangedMeanwhile => Details::default(),
        }
    }
}
