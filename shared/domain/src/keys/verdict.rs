//! The judgement of a request that presents a key.

use super::{network, record::ApiKey, refusal::KeyRefusal, scope::KeyScope, secret::KeyClaim};
use crate::{
    identity::access::{Action, Obstacle, Role},
    team::member::Member,
};
use jiff::Timestamp;

impl ApiKey {
    /// Checks that this stored key is the one that is claimed, and can be used at `now` from `address`. Returns the role
    /// with which its holder acts: its maker's, or for a service key that of an admin.
    ///
    /// What is said about a key is said only to those who have its secret.
    ///
    /// # Errors
    /// [`KeyRefusal`] if it is another one, has expired, has lost its maker, or may not be used from there.
    pub fn admits(
        &self,
        claim: &KeyClaim,
        maker: Option<&Member>,
        address: Option<&str>,
        now: Timestamp,
    ) -> Result<Role, KeyRefusal> {
        let is_genuine = self.digests_at(now).any(|digest| digest == claim.digest);
        if !is_genuine || (self.workspace, self.id, self.actor()) != (claim.workspace, claim.key, claim.actor) {
            return Err(KeyRefusal::Invalid);
        }
        if !self.has_maker(maker) {
            return Err(KeyRefusal::MakerLeft);
        }
        if self.is_expired(now) {
            return Err(KeyRefusal::Expired);
        }
        if !network::allows(&self.terms.networks, address) {
            return Err(KeyRefusal::OtherNetwork);
        }
        match maker {
            Some(maker) if !self.is_service() => Ok(maker.role),
            Some(_) | None => Ok(Role::Admin),
        }
    }

    /// Returns the reason why no holder of the key may take `action`; `None` if its scopes allow it.
    #[must_use]
    pub fn obstacle(&self, action: Action) -> Option<Obstacle> {
        match KeyScope::of(action) {
            None => Some(Obstacle::NotByKey),
            Some(scope) => (!self.has(scope)).then_some(Obstacle::ScopeRequired),
        }
    }

    /// Checks that the key's scopes allow `action`.
    ///
    /// # Errors
    /// [`KeyRefusal::NotByKey`] if no key may do it, [`KeyRefusal::ScopeRequired`] if this one may not.
    pub fn allows(&self, action: Action) -> Result<(), KeyRefusal> {
        let required = KeyScope::of(action).ok_or(KeyRefusal::NotByKey)?;
        if self.has(required) { Ok(()) } else { Err(KeyRefusal::ScopeRequired { required }) }
    }
}
