//! Preferences of a member in a workspace: the types of notifications that they have turned off, which types are mailed, and
//! when no mail is wanted.

use super::{
    mailing::{mode::EmailMode, quiet_hours::QuietHours},
    shelf::NotificationType,
};
use crate::{
    error::{Details, Kind, Refusal, RefusedField},
    identity::{access::Role, profile::Edit},
};
use std::collections::{BTreeMap, BTreeSet};

/// The preferences of a member. A member who never changed any has version 0, and nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Grows with every change.
    pub version: u64,
    /// The types that the member has turned off.
    pub muted: BTreeSet<NotificationType>,
    /// The modes of mail that the member has chosen.
    pub email: BTreeMap<NotificationType, EmailMode>,
    /// Hours without mail that can wait.
    pub quiet: Option<QuietHours>,
}

/// Wanted changes of preferences. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreferenceChanges {
    /// Types to turn on (true) or off.
    pub in_app: BTreeMap<NotificationType, bool>,
    /// Modes of mail.
    pub email: BTreeMap<NotificationType, EmailMode>,
    /// Quiet hours.
    pub quiet: Edit<QuietHours>,
}

/// The preferences cannot be changed like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreferenceError {
    /// Owners cannot turn this type off.
    #[error("owners are always notified of {0}; leave it on")]
    Locked(NotificationType),
    /// Owners cannot turn mail of this type off.
    #[error("owners always get mail about {0}; choose `instant` or `digest`")]
    EmailLocked(NotificationType),
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

    /// When notifications of type `kind` are mailed to a member of this role. A mode that was chosen in another role and
    /// cannot be chosen in this one counts as not chosen.
    #[must_use]
    pub fn email(&self, kind: NotificationType, role: Role) -> EmailMode {
        let chosen = self.email.get(&kind).copied().filter(|mode| !mode.is_locked_for(kind, role));
        chosen.unwrap_or_else(|| kind.usual_email())
    }

    /// The preferences of a member of this role after `changes`; `None` if they change nothing.
    ///
    /// # Errors
    /// [`PreferenceError::Locked`] or [`PreferenceError::EmailLocked`] if the role cannot turn one of the types off.
    pub fn changed(&self, changes: &PreferenceChanges, role: Role) -> Result<Option<Self>, PreferenceError> {
        let mut next = self.clone();
        for (kind, is_on) in &changes.in_app {
            if *is_on {
                next.muted.remove(kind);
            } else if kind.is_locked_for(role) {
                return Err(PreferenceError::Locked(*kind));
            } else {
                next.muted.insert(*kind);
            }
        }
        for (kind, mode) in &changes.email {
            if mode.is_locked_for(*kind, role) {
                return Err(PreferenceError::EmailLocked(*kind));
            }
            next.email.insert(*kind, *mode);
        }
        next.quiet = changes.quiet.applied(&self.quiet);
        let is_changed = next != *self;
        next.version = next.version.saturating_add(1);
        Ok(is_changed.then_some(next))
    }
}

impl Refusal for PreferenceError {
    fn kind(&self) -> Kind {
        match self {
            Self::Locked(_) | Self::EmailLocked(_) => Kind::Incomplete,
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) | Self::EmailLocked(_) => "notification_type_locked",
            Self::ChangedMeanwhile => "preferences_changed",
        }
    }

    fn details(&self) -> Details {
        let field = match self {
            Self::Locked(_) => "in_app",
            Self::EmailLocked(_) => "email",
            Self::ChangedMeanwhile => return Details::default(),
        };
        Details { field: Some(RefusedField { field, message: self.to_string() }), ..Details::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NotificationType::{Agent, Billing, System, Team};

    fn in_app<const N: usize>(changes: [(NotificationType, bool); N]) -> PreferenceChanges {
        PreferenceChanges { in_app: changes.into(), ..PreferenceChanges::default() }
    }

    fn email<const N: usize>(changes: [(NotificationType, EmailMode); N]) -> PreferenceChanges {
        PreferenceChanges { email: changes.into(), ..PreferenceChanges::default() }
    }

    #[test]
    fn owners_cannot_turn_off_billing_and_system() {
        for kind in NotificationType::ALL {
            for role in Role::ALL {
                let locked = role == Role::Owner && [Billing, System].contains(&kind);
                let changed = Preferences::default().changed(&in_app([(kind, false)]), role);
                assert_eq!(changed.is_err(), locked, "{kind} {role}");
                let muted = changed.ok().flatten().unwrap_or_default();
                assert_eq!(muted.allow(kind, role), locked);
                let changed = Preferences::default().changed(&email([(kind, EmailMode::Off)]), role);
                assert_eq!(changed.is_err(), locked, "{kind} {role}");
                for mode in [EmailMode::Instant, EmailMode::Digest] {
                    let chosen = Preferences::default().changed(&email([(kind, mode)]), role).unwrap().unwrap();
                    assert_eq!(chosen.email(kind, role), mode);
                }
            }
        }
    }

    #[test]
    fn promoted_owner_gets_what_was_turned_off_before() {
        let admin = Preferences::default().changed(&in_app([(Billing, false), (Team, false)]), Role::Admin);
        let admin = admin.unwrap().unwrap();
        assert_eq!(admin.version, 1);
        assert_eq!([Billing, Team].map(|kind| admin.allow(kind, Role::Admin)), [false, false]);
        assert_eq!([Billing, Team].map(|kind| admin.allow(kind, Role::Owner)), [true, false]);
        assert_eq!(admin.changed(&in_app([(Billing, false), (Team, false)]), Role::Admin), Ok(None));
        let on = in_app([(Billing, true), (Team, true)]);
        assert_eq!(
            admin.changed(&on, Role::Owner).unwrap().unwrap(),
            Preferences { version: 2, ..Preferences::default() }
        );
        let silent = email([(Billing, EmailMode::Off), (Agent, EmailMode::Instant)]);
        let silent = admin.changed(&silent, Role::Admin).unwrap().unwrap();
        assert_eq!(
            [Role::Admin, Role::Owner].map(|role| silent.email(Billing, role)),
            [EmailMode::Off, EmailMode::Digest]
        );
        assert_eq!(silent.email(Agent, Role::Owner), EmailMode::Instant);
    }

    #[test]
    fn quiet_hours_are_set_kept_and_cleared() {
        let hours = QuietHours::new("22:00".parse().unwrap(), "07:00".parse().unwrap()).unwrap();
        let set = PreferenceChanges { quiet: Edit::Set(hours), ..PreferenceChanges::default() };
        let quiet = Preferences::default().changed(&set, Role::Viewer).unwrap().unwrap();
        assert_eq!((quiet.quiet, quiet.changed(&set, Role::Viewer)), (Some(hours), Ok(None)));
        let kept = quiet.changed(&in_app([(Agent, false)]), Role::Viewer).unwrap().unwrap();
        assert_eq!(kept.quiet, Some(hours));
        let cleared = PreferenceChanges { quiet: Edit::Clear, ..PreferenceChanges::default() };
        assert_eq!(kept.changed(&cleared, Role::Viewer).unwrap().unwrap().quiet, None);
    }
}
