//! Keys, and the decisions that make and change them.

use super::{
    bounds::{DEFAULT_DAYS, DEFAULT_OVERLAP_HOURS, MAX_DAYS, MAX_OVERLAP_HOURS},
    error::KeyError,
    network::{MAX_NETWORKS, Network},
    scope::{KeyScope, KeyScopes},
    secret::SecretDigest,
};
use crate::{
    identity::access::Role,
    ids::{KeyId, UserId, WorkspaceId},
    plans::names::MeterName,
    team::member::Member,
    text::KeyName,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Time for which an expired key is listed, and can be rotated, before it is deleted.
pub const KEPT_AFTER_EXPIRY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Number of days for which a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Validity(u16);

impl Validity {
    /// The validity of `days`.
    ///
    /// # Errors
    /// [`KeyError::Validity`] if the number is out of range.
    pub const fn of_days(days: u16) -> Result<Self, KeyError> {
        if days >= 1 && days <= MAX_DAYS { Ok(Self(days)) } else { Err(KeyError::Validity) }
    }

    /// The end of a validity that begins at `now`.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Timestamp {
        after(now, SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

impl Default for Validity {
    fn default() -> Self {
        Self(DEFAULT_DAYS)
    }
}

/// Number of hours for which the previous secret of a rotated key stays valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(u16);

impl Overlap {
    /// An overlap of `hours`.
    ///
    /// # Errors
    /// [`KeyError::Overlap`] if the number is out of range.
    pub const fn of_hours(hours: u16) -> Result<Self, KeyError> {
        if hours <= MAX_OVERLAP_HOURS { Ok(Self(hours)) } else { Err(KeyError::Overlap) }
    }
}

impl Default for Overlap {
    fn default() -> Self {
        Self(DEFAULT_OVERLAP_HOURS)
    }
}

/// What a key rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rests_on", rename_all = "snake_case")]
pub enum Basis {
    /// On its maker's membership.
    Maker {
        /// Time at which the maker had last joined when they made the key. A member who comes back does not get the keys of
        /// their former membership.
        joined_at: Timestamp,
    },
    /// On the workspace.
    Workspace,
}

/// A secret that was replaced and is still valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// Digest of the secret.
    pub digest: SecretDigest,
    /// Time from which it is no longer valid.
    pub until: Timestamp,
}

/// Part of a meter that a key may consume in a month, by the names of the meters.
pub type Allotments = BTreeMap<MeterName, u64>;

/// Networks of a new or changed key, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

/// There are more networks than a key can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at most {MAX_NETWORKS} networks")]
pub struct TooManyNetworks;

impl TryFrom<Vec<Network>> for Networks {
    type Error = TooManyNetworks;

    fn try_from(networks: Vec<Network>) -> Result<Self, TooManyNetworks> {
        if networks.len() > MAX_NETWORKS {
            return Err(TooManyNetworks);
        }
        Ok(Self(networks.into_iter().collect::<BTreeSet<_>>().into_iter().collect()))
    }
}

impl From<Networks> for Vec<Network> {
    fn from(networks: Networks) -> Self {
        networks.0
    }
}

/// What the holder of a key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTerms {
    /// Name for people.
    pub name: KeyName,
    /// The scopes.
    pub scopes: KeyScopes,
    /// Networks from which it may be used; none for all.
    pub networks: Vec<Network>,
    /// Monthly budgets.
    pub allotments: Allotments,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The key.
    pub id: KeyId,
    /// What its holder may do.
    pub terms: KeyTerms,
    /// The user who made it.
    pub maker: UserId,
    /// What it rests on.
    pub basis: Basis,
    /// Digest of the secret.
    pub digest: SecretDigest,
    /// The last characters of the token.
    pub hint: String,
    /// The previous secret.
    pub previous: Option<PreviousSecret>,
    /// The validity that a rotation begins again.
    pub validity: Validity,
    /// Time from which it is no longer valid.
    pub expires_at: Timestamp,
    /// Time at which it was made.
    pub created_at: Timestamp,
    /// Time at which the current secret was made.
    pub rotated_at: Timestamp,
    /// What its people were notified of.
    pub notices: KeyNotices,
    /// Grows with every change.
    pub version: u64,
    /// Grows with every change of what its holder may do, and of its secrets.
    pub rights: u64,
}

/// What people were notified of about a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyNotices {
    /// It expires soon.
    pub expiring: bool,
    /// It is not used.
    pub unused: bool,
}

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What its holder may do.
    pub terms: KeyTerms,
    /// Its validity.
    pub validity: Validity,
    /// True for a service key.
    pub is_service: bool,
}

/// Changes of a key. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyChanges {
    /// Another name.
    pub name: Option<KeyName>,
    /// Fewer scopes.
    pub scopes: Option<KeyScopes>,
    /// Other networks.
    pub networks: Option<Vec<Network>>,
}

/// A secret as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// Digest of the secret.
    pub digest: SecretDigest,
    /// The last characters of the token.
    pub hint: String,
}

/// Returns the time that is `span` after `at`.
pub(super) fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.saturating_add(span).unwrap_or(Timestamp::MAX)
}

/// State of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It can be used.
    Active,
    /// It can be used, and expires within a week.
    Expiring,
    /// It has expired. Rotating makes it valid again.
    Expired,
}

/// Time before the end of a key at which its maker is reminded.
pub const REMINDER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Time after which an unused key is mentioned.
pub const UNUSED: SignedDuration = SignedDuration::from_hours(90 * 24);

impl NewKey {
    /// Makes the key `id` of `maker`.
    ///
    /// # Errors
    /// [`KeyError::OwnersOnly`] if a service key is wanted by somebody who is no owner, [`KeyError::ScopeNeedsMaker`] if it has
    /// a scope that only makes sense for a person.
    pub fn made_by(self, maker: &Member, id: KeyId, secret: StoredSecret, now: Timestamp) -> Result<ApiKey, KeyError> {
        let Self { terms, validity, is_service } = self;
        if is_service && maker.role < Role::Owner {
            return Err(KeyError::OwnersOnly);
        }
        if is_service && let Some(scope) = terms.scopes.iter().find(|scope| scope.needs_maker()) {
            return Err(KeyError::ScopeNeedsMaker { scope });
        }
        let basis = if is_service { Basis::Workspace } else { Basis::Maker { joined_at: maker.accepted_at } };
        Ok(ApiKey {
            workspace: maker.workspace,
            id,
            terms,
            maker: maker.user,
            basis,
            digest: secret.digest,
            hint: secret.hint,
            previous: None,
            validity,
            expires_at: validity.end(now),
            created_at: now,
            rotated_at: now,
            notices: KeyNotices::default(),
            version: 1,
            rights: 1,
        })
    }
}

impl ApiKey {
    /// True if the key does not depend on its maker.
    #[must_use]
    pub const fn is_service(&self) -> bool {
        matches!(self.basis, Basis::Workspace)
    }

    /// The user for whom it acts: its maker, or itself if it is a service key.
    #[must_use]
    pub fn actor(&self) -> UserId {
        if self.is_service() { self.id.actor() } else { self.maker }
    }

    /// True if the key has expired at `now`.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Digests of the secrets that are valid at `now`.
    pub fn digests_at(&self, now: Timestamp) -> impl Iterator<Item = SecretDigest> {
        let previous = self.previous.filter(|previous| now < previous.until);
        [self.digest].into_iter().chain(previous.map(|previous| previous.digest))
    }

    /// True if the key still has its maker, given the maker's record.
    #[must_use]
    pub fn has_maker(&self, maker: Option<&Member>) -> bool {
        match self.basis {
            Basis::Workspace => true,
            Basis::Maker { joined_at } => {
                maker.is_some_and(|maker| maker.is_active() && maker.accepted_at == joined_at)
            }
        }
    }

    /// State of the key at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> KeyState {
        if self.is_expired(now) {
            KeyState::Expired
        } else if self.expires_at <= after(now, REMINDER) {
            KeyState::Expiring
        } else {
            KeyState::Active
        }
    }

    /// Makes the changes; `None` if nothing changes.
    ///
    /// # Errors
    /// [`KeyError::MoreScopes`] if the key would have a scope that it lacks.
    pub fn changed(&self, changes: &KeyChanges) -> Result<Option<Self>, KeyError> {
        let KeyChanges { name, scopes, networks } = changes.clone();
        let terms = KeyTerms {
            name: name.unwrap_or_else(|| self.terms.name.clone()),
            scopes: scopes.unwrap_or_else(|| self.terms.scopes.clone()),
            networks: networks.unwrap_or_else(|| self.terms.networks.clone()),
            allotments: self.terms.allotments.clone(),
        };
        if let Some(scope) = terms.scopes.iter().find(|scope| !self.terms.scopes.contains(*scope)) {
            return Err(KeyError::MoreScopes { scope });
        }
        if terms == self.terms {
            return Ok(None);
        }
        let narrowed = terms.scopes != self.terms.scopes || terms.networks != self.terms.networks;
        let rights = self.rights.saturating_add(narrowed.into());
        Ok(Some(Self { terms, rights, version: self.version.saturating_add(1), ..self.clone() }))
    }

    /// Replaces the secret at `now`. The present one stays valid for `overlap_hours`, unless the key has expired, and the
    /// validity begins again.
    ///
    /// # Errors
    /// [`KeyError::OfAnother`] unless `by` is the maker, or an owner whose service key it is.
    pub fn rotated(
        &self,
        by: &Member,
        secret: StoredSecret,
        Overlap(overlap_hours): Overlap,
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let may = match self.basis {
            Basis::Workspace => by.role == Role::Owner,
            Basis::Maker { .. } => by.user == self.maker && self.has_maker(Some(by)),
        };
        if !may {
            return Err(KeyError::OfAnother);
        }
        let until = after(now, SignedDuration::from_hours(overlap_hours.into()));
        // The old secret is not valid beyond the end that its holder knows.
        let until = self.expires_at.min(until);
        Ok(Self {
            digest: secret.digest,
            hint: secret.hint,
            previous: (now < until).then_some(PreviousSecret { digest: self.digest, until }),
            expires_at: self.validity.end(now),
            rotated_at: now,
            notices: KeyNotices::default(),
            version: self.version.saturating_add(1),
            rights: self.rights.saturating_add(1),
            ..self.clone()
        })
    }

    /// True if the key has `scope`.
    #[must_use]
    pub fn has(&self, scope: KeyScope) -> bool {
        self.terms.scopes.contains(scope)
    }
}
