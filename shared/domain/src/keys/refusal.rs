//! Reasons to refuse a request that presents a key.

use super::scope::KeyScope;
use crate::error::{Details, Kind};

/// A request that presents a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// There is no such key, or its secret is another one. The answer does not say which.
    #[error("this API key is not valid; it may have been revoked or replaced")]
    Invalid,
    /// The key has expired.
    #[error("this API key has expired; rotate it, or make a new one")]
    Expired,
    /// The key's maker has left the workspace.
    #[error("this API key is no longer valid, because its maker has left the workspace; make a new one")]
    MakerLeft,
    /// The key was changed during the request.
    #[error("the API key was changed during this request; send it again if the key still allows it")]
    Changed,
    /// The request comes from a network that the key does not allow.
    #[error("this API key may not be used from this address; an admin can allow its network")]
    OtherNetwork,
    /// The key lacks the scope.
    #[error("requires an API key with the scope {required}")]
    ScopeRequired {
        /// The scope.
        required: KeyScope,
    },
    /// No key may do this.
    #[error("an API key cannot do this; sign in and do it as a person")]
    NotByKey,
    /// The key was used too often in this minute.
    #[error("this API key may send {limit} requests a minute; wait {retry_after} s, then send the request again")]
    OverRate {
        /// Requests that the plan allows in a minute.
        limit: u32,
        /// Seconds until the next minute.
        retry_after: u64,
    },
}

impl KeyRefusal {
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::Invalid | Self::Expired | Self::MakerLeft => Kind::Unauthenticated,
            Self::OtherNetwork | Self::ScopeRequired { .. } | Self::NotByKey => Kind::Forbidden,
            Self::Changed => Kind::Conflict,
            Self::OverRate { .. } => Kind::TooMany,
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "key_invalid",
            Self::Expired => "key_expired",
            Self::MakerLeft => "key_maker_left",
            Self::Changed => "key_changed",
            Self::OtherNetwork => "key_network_refused",
            Self::ScopeRequired { .. } => "scope_required",
            Self::NotByKey => "not_by_key",
            Self::OverRate { .. } => "key_over_rate",
        }
    }

    pub(crate) fn details(self) -> Details {
        match self {
            Self::Invalid | Self::Expired | Self::MakerLeft | Self::Changed | Self::OtherNetwork | Self::NotByKey => {
                Details::default()
            }
            Self::ScopeRequired { required } => Details { required_scope: Some(required), ..Details::default() },
            Self::OverRate { limit, retry_after } => {
                Details { limit: Some(limit.into()), retry_after: Some(retry_after), ..Details::default() }
            }
        }
    }
}
