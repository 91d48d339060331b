//! Preferences of a member in a workspace: the types of notifications that they have turned off.

use super::shelf::NotificationType;
use crate::{
    error::{Details, Kind, Refusal, RefusedField},
    identity::access::Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// The preferences of a member. A member who never changed any has version 0, and nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Grows with every change.
    pub version: u64,
    /// The types that the member has turned off.
    pub muted: BTreeSet<NotificationType>,
}

/// The preferences cannot be changed like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreferenceError {
    /// Owners cannot turn this type off.
    #[error("owners are always notified of {0}; leave it on")]
    Locked(NotificationType),
    /// Concurrent changes of the preferences exhausted the attempts.
    #[error("your preferences are being changed by another request; send the same request again")]
    ChangedMeanwhile,
}

impl Preferences {
    /// True if a member of this role gets notifications of type `kind`. A type that was turned off in another role is on
    /// again as long as it cannot be turned off.
    #[must_use]
    pub fn allow(&self, kind: NotificationType, role: Role) -> bool {
        kind.is_locked_for(role) || !self.muted.contains(&kind)
    }

    /// The preferences of a member of this role after `changes`, in which true turns a type on; `None` if they change
    /// nothing.
    ///
    /// # Errors
    /// [`PreferenceError::Locked`] if the role cannot turn one of them off.
    pub fn changed(
        &self,
        changes: &BTreeMap<NotificationType, bool>,
        role: Role,
    ) -> Result<Option<Self>, PreferenceError> {
        let mut muted = self.muted.clone();
        for (kind, is_on) in changes {
            if *is_on {
                muted.remove(kind);
            } else if kind.is_locked_for(role) {
                return Err(PreferenceError::Locked(*kind));
            } else {
                muted.insert(*kind);
            }
        }
        let next = Self { version: self.version.saturating_add(1), muted };
        Ok(Some(next).filter(|next| next.muted != self.muted))
    }
}

impl Refusal for PreferenceError {
    fn kind(&self) -> Kind {
        match self {
            Self::Locked(_) => Kind::Incomplete,
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) => "notification_type_locked",
            Self::ChangedMeanwhile => "preferences_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Locked(_) => {
                let field = Some(RefusedField { field: "in_app", message: self.to_string() });
                Details { field, ..Details::default() }
            }
            Self::ChangedMeanwhile => Details::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NotificationType::{Billing, System, Team};

    #[test]
    fn owners_cannot_turn_off_billing_and_system() {
        for kind in NotificationType::ALL {
            for role in Role::ALL {
                let locked = role == Role::Owner && [Billing, System].contains(&kind);
                let changed = Preferences::default().changed(&BTreeMap::from([(kind, false)]), role);
                assert_eq!(changed.is_err(), locked, "{kind} {role}");
                let muted = changed.ok().flatten().unwrap_or_default();
                assert_eq!(muted.allow(kind, role), locked);
            }
        }
    }

    #[test]
    fn promoted_owner_gets_what_was_turned_off_before() {
        let muted = BTreeMap::from([(Billing, false), (Team, false)]);
        let admin = Preferences::default().changed(&muted, Role::Admin).unwrap().unwrap();
        assert_eq!(admin.version, 1);
        assert_eq!([Billing, Team].map(|kind| admin.allow(kind, Role::Admin)), [false, false]);
        assert_eq!([Billing, Team].map(|kind| admin.allow(kind, Role::Owner)), [true, false]);
        assert_eq!(admin.changed(&muted, Role::Admin), Ok(None));
        let on = BTreeMap::from([(Billing, true), (Team, true)]);
        assert_eq!(
            admin.changed(&on, Role::Owner).unwrap().unwrap(),
            Preferences { version: 2, ..Preferences::default() }
        );
    }
}
