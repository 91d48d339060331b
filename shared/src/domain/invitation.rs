//! Invitations: when one may be made, and what comes of accepting it.

use super::{
    access::{Role, may_grant},
    email::Email,
    error::{Details, Kind, Refusal},
    ids::{InvitationId, UserId, WorkspaceId},
    mail_quota::AN_HOUR,
    member::{Member, MemberStatus},
    plan::Plan,
    scope::Caller,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long an invitation can be accepted.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An offer of a seat. It holds the seat from its making until it is accepted, declined, cancelled or released;
/// whichever comes deletes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where the seat is.
    pub workspace: WorkspaceId,
    /// Who may accept it.
    pub email: Email,
    /// The role he will have.
    pub role: Role,
    /// Who offered it.
    pub invited_by: UserId,
    /// Grows when it is sent again; tokens of an earlier version are dead.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// What came back instead of a mail that arrived; nothing has so far, if it is none.
    pub returned: Option<Returned>,
}

/// Why a mail is as good as not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// There is no such mailbox, or it takes nothing from us.
    Bounced,
    /// Its owner called the mail unwanted.
    Complained,
}

impl Returned {
    /// The name in answers, messages and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

/// Why no invitation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The role offered is above the inviter's.
    #[error("you cannot invite somebody as {role}: your own role is lower")]
    RoleAboveOwn {
        /// The role that was offered.
        role: Role,
    },
    /// The address has a seat or an invitation here already.
    #[error("this address has a seat or a pending invitation in this workspace already")]
    AddressTaken,
    /// No seat is free.
    #[error("the workspace's plan has no free seat; members and pending invitations count")]
    NoSeat {
        /// The plan in force.
        plan: Plan,
        /// Its seats.
        limit: u64,
        /// The seats in use.
        used: u64,
    },
    /// The workspace has set off as many mails in this hour as it may.
    #[error("the workspace has sent as many invitations in this hour as it may; try again later")]
    TooMany {
        /// When the next hour begins.
        resets_at: Timestamp,
        /// In how many seconds that is.
        retry_after: u64,
    },
    /// The invitation was changed by others while this was decided. Nothing was changed.
    #[error("the invitation was changed in the meantime; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for InviteError {
    fn kind(&self) -> Kind {
        match self {
            Self::RoleAboveOwn { .. } => Kind::Forbidden,
            Self::AddressTaken | Self::ChangedMeanwhile => Kind::Conflict,
            Self::NoSeat { .. } => Kind::OverPlan,
            Self::TooMany { .. } => Kind::TooMany,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::RoleAboveOwn { .. } => "role_above_own",
            Self::AddressTaken => "address_taken",
            Self::NoSeat { .. } => "workspace_member_limit",
            Self::TooMany { .. } => "too_many_invitations",
            Self::ChangedMeanwhile => "invitation_changed",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::RoleAboveOwn { role } => Details { required_role: Some(role), ..Details::default() },
            Self::AddressTaken | Self::ChangedMeanwhile => Details::default(),
            Self::TooMany { resets_at, retry_after } => Details {
                limit: Some(AN_HOUR),
                resets_at: Some(resets_at),
                retry_after: Some(retry_after),
                ..Details::default()
            },
            Self::NoSeat { plan, limit, used } => Details {
                limit: Some(limit),
                used: Some(used),
                upgrade_to: plan.with_more(|limits| limits.members),
                ..Details::default()
            },
        }
    }
}

impl InviteError {
    /// The same refusal for somebody whose seat was taken by others while he asked: all of them are in use.
    #[must_use]
    pub const fn when_overtaken(self) -> Self {
        match self {
            Self::NoSeat { plan, limit, .. } => Self::NoSeat { plan, limit, used: limit },
            Self::RoleAboveOwn { .. } | Self::AddressTaken | Self::TooMany { .. } | Self::ChangedMeanwhile => self,
        }
    }
}

/// An offer that a member with the role `inviter` may make.
///
/// # Errors
/// [`InviteError::RoleAboveOwn`] if he offers more than he has.
pub fn offer(
    id: InvitationId,
    workspace: WorkspaceId,
    (invited_by, inviter): (UserId, Role),
    (email, role): (Email, Role),
    now: Timestamp,
) -> Result<Invitation, InviteError> {
    if !may_grant(inviter, role) {
        return Err(InviteError::RoleAboveOwn { role });
    }
    let expires_at = expiry(now);
    Ok(Invitation { id, workspace, email, role, invited_by, version: 1, created_at: now, expires_at, returned: None })
}

fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

/// Why an invitation is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// Absent, forged, used, revoked, sent again or expired: which of them is not told.
    #[error("there is no such invitation, or it has been used or has expired; ask for a new one")]
    Gone,
    /// The caller's address is not the one invited.
    #[error("the invitation was sent to another address than the one you are signed in with")]
    AnotherAddress,
    /// The caller's address is the one invited, but nobody vouches that it is his.
    #[error("verify your e-mail address with your identity provider first")]
    AddressUnverified,
    /// The caller has a seat here.
    #[error("you are a member of this workspace already")]
    AlreadyMember,
}

impl Refusal for AcceptError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gone => Kind::Absent,
            Self::AnotherAddress | Self::AddressUnverified => Kind::Forbidden,
            Self::AlreadyMember => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Gone => "invitation_not_found",
            Self::AnotherAddress => "invitation_for_another_address",
            Self::AddressUnverified => "email_unverified",
            Self::AlreadyMember => "already_member",
        }
    }
}

/// How somebody refers to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// By a token of this version, found authentic.
    Token {
        /// The version it was made for.
        version: u64,
    },
    /// By a token that is not ours.
    Forged,
    /// By its id: he has no token, and his verified address must do.
    Id,
}

impl Invitation {
    /// Whether it can be accepted no more, so that its seat may be freed.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// The same invitation, sent again: links of before are dead, and it lasts as long as a new one.
    #[must_use]
    pub fn resent(&self, now: Timestamp) -> Self {
        Self { version: self.version.saturating_add(1), expires_at: expiry(now), returned: None, ..self.clone() }
    }

    /// That it is for `caller`, and can still be accepted or declined.
    ///
    /// # Errors
    /// [`AcceptError`]. Whoever shows an invitation's id instead of its token learns of the invitation only if it is
    /// for his verified address.
    pub fn is_for(&self, caller: &Caller, claim: Claim, now: Timestamp) -> Result<(), AcceptError> {
        let addressed = caller.email() == Some(&self.email);
        let verified = caller.verified_email() == Some(&self.email);
        let known = match claim {
            Claim::Token { version } => version == self.version,
            Claim::Forged => false,
            Claim::Id => verified,
        };
        if !known || self.has_expired(now) {
            return Err(AcceptError::Gone);
        }
        match (addressed, verified) {
            (_, true) => Ok(()),
            (true, false) => Err(AcceptError::AddressUnverified),
            (false, false) => Err(AcceptError::AnotherAddress),
        }
    }

    /// The member that `caller` becomes by accepting; `former` is his record here, if he has one.
    ///
    /// # Errors
    /// [`AcceptError`].
    pub fn accepted_by(
        &self,
        caller: &Caller,
        claim: Claim,
        former: Option<&Member>,
        now: Timestamp,
    ) -> Result<Member, AcceptError> {
        self.is_for(caller, claim, now)?;
        if former.is_some_and(Member::is_active) {
            return Err(AcceptError::AlreadyMember);
        }
        Ok(Member {
            workspace: self.workspace,
            user: caller.user(),
            email: Some(self.email.clone()),
            name: caller.name().cloned(),
            role: self.role,
            status: MemberStatus::Active,
            invited_by: Some(self.invited_by),
            created_at: former.map_or(now, |former| former.created_at),
            accepted_at: now,
            last_active_at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scope::Origin;
    use expect_test::{Expect, expect};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn invitation() -> Invitation {
        let ana = (UserId::of("test", "ana"), Role::Admin);
        let mut invitation = offer(
            InvitationId::NIL,
            WorkspaceId::NIL,
            ana,
            ("ben@example.com".parse().unwrap(), Role::Member),
            at("2026-11-01T00:00:00Z"),
        )
        .unwrap();
        invitation.version = 2;
        invitation
    }

    fn caller(email: Option<&str>, verified: bool) -> Caller {
        let origin = Origin { request_id: "r".to_owned(), ip_address: None };
        Caller::new(UserId::of("test", "ben"), email.map(|email| email.parse().unwrap()), verified, None, origin)
    }

    #[track_caller]
    fn check(caller: &Caller, claim: Claim, now: &str, wanted: Expect) {
        let said = match invitation().accepted_by(caller, claim, None, at(now)) {
            Ok(member) => format!("{} {}", member.role, member.status.name()),
            Err(error) => error.code().to_owned(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn accepting() {
        let (day, last, over) = ("2026-11-02T00:00:00Z", "2026-11-07T23:59:59.999Z", "2026-11-08T00:00:00Z");
        let ben = caller(Some("BEN@example.com"), true);
        check(&ben, Claim::Token { version: 2 }, day, expect!["member active"]);
        check(&ben, Claim::Id, last, expect!["member active"]);
        check(&ben, Claim::Token { version: 1 }, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Token { version: 3 }, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Forged, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Token { version: 2 }, over, expect!["invitation_not_found"]);
        check(&ben, Claim::Id, over, expect!["invitation_not_found"]);

        let unverified = caller(Some("ben@example.com"), false);
        check(&unverified, Claim::Token { version: 2 }, day, expect!["email_unverified"]);
        check(&unverified, Claim::Id, day, expect!["invitation_not_found"]);

        let cleo = caller(Some("cleo@example.com"), true);
        check(&cleo, Claim::Token { version: 2 }, day, expect!["invitation_for_another_address"]);
        check(&cleo, Claim::Id, day, expect!["invitation_not_found"]);
        check(&caller(None, true), Claim::Token { version: 2 }, day, expect!["invitation_for_another_address"]);
    }

    #[test]
    fn who_was_here_before_keeps_his_first_day() {
        let ben = caller(Some("ben@example.com"), true);
        let day = at("2026-11-02T00:00:00Z");
        let mut former = invitation().accepted_by(&ben, Claim::Id, None, day).unwrap();
        former.created_at = at("2025-01-01T00:00:00Z");
        assert_eq!(invitation().accepted_by(&ben, Claim::Id, Some(&former), day), Err(AcceptError::AlreadyMember));
        former.status = MemberStatus::Removed;
        let back = invitation().accepted_by(&ben, Claim::Id, Some(&former), day).unwrap();
        assert_eq!((back.created_at, back.accepted_at), (former.created_at, day));
    }

    #[test]
    fn an_admin_does_not_make_owners() {
        let admin = (UserId::of("test", "ana"), Role::Admin);
        let offered = ("ben@example.com".parse().unwrap(), Role::Owner);
        assert_eq!(
            offer(InvitationId::NIL, WorkspaceId::NIL, admin, offered, Timestamp::UNIX_EPOCH),
            Err(InviteError::RoleAboveOwn { role: Role::Owner })
        );
    }
}
