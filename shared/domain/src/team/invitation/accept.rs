//! Accepting an invitation, and the reasons to refuse it.

use super::Invitation;
use crate::{
    error::{Kind, Refusal},
    identity::person::Person,
    team::member::{Member, MemberStatus},
};
use jiff::Timestamp;

/// Reasons to refuse the acceptance of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// The invitation is absent, forged, used, revoked, resent or expired. The answer does not say which.
    #[error("there is no such invitation, or it has been used or has expired; ask for a new one")]
    Gone,
    /// The caller's address is not the invited one.
    #[error("the invitation was sent to another address than the one you are signed in with")]
    AnotherAddress,
    /// The caller's address is the invited one, but their identity provider has not verified it.
    #[error("verify your e-mail address with your identity provider, then accept the invitation again")]
    AddressUnverified,
    /// The caller already has a seat here.
    #[error("you are already a member of this workspace")]
    AlreadyMember,
    /// The operator has suspended the workspace.
    #[error("the workspace is suspended, so nobody can join it now; ask its owner, or decline the invitation")]
    Suspended,
}

impl Refusal for AcceptError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gone => Kind::Absent,
            Self::AnotherAddress | Self::AddressUnverified | Self::Suspended => Kind::Forbidden,
            Self::AlreadyMember => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Gone => "invitation_not_found",
            Self::AnotherAddress => "invitation_for_another_address",
            Self::AddressUnverified => "email_unverified",
            Self::AlreadyMember => "already_member",
            Self::Suspended => "workspace_suspended",
        }
    }
}

/// The caller's evidence for an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// An authentic token of this version.
    Token {
        /// The version that the token was made for.
        version: u64,
    },
    /// A token that Berth did not sign.
    Forged,
    /// The invitation's id. Without a token, the caller's verified address must match.
    Id,
}

impl Invitation {
    /// Checks that the invitation is for `person`, and can still be accepted or declined.
    ///
    /// # Errors
    /// [`AcceptError`] if it is not. A caller who presents an invitation's id instead of its token learns about the
    /// invitation only if it is for their verified address.
    pub fn check_acceptable_by(&self, person: &Person, claim: Claim, now: Timestamp) -> Result<(), AcceptError> {
        let addressed = person.email.as_ref() == Some(&self.email);
        let verified = person.verified_email() == Some(&self.email);
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

    /// Creates the member that `person` becomes by accepting; `former` is their existing record in the workspace, if
    /// any.
    ///
    /// # Errors
    /// [`AcceptError`] if `person` may not accept the invitation or already has a seat.
    pub fn accepted_by(
        &self,
        person: &Person,
        claim: Claim,
        former: Option<&Member>,
        now: Timestamp,
    ) -> Result<Member, AcceptError> {
        self.check_acceptable_by(person, claim, now)?;
        if former.is_some_and(Member::is_active) {
            return Err(AcceptError::AlreadyMember);
        }
        Ok(Member {
            workspace: self.workspace,
            user: person.id,
            email: Some(self.email.clone()),
            address_issued_at: None,
            blocked: None,
            name: person.name.clone(),
            chosen: former.map(|former| former.chosen.clone()).unwrap_or_default(),
            role: self.role,
            status: MemberStatus::Active,
            invited_by: Some(self.invited_by),
            accepted: Some(self.id),
            created_at: former.map_or(now, |former| former.created_at),
            accepted_at: now,
            last_active_at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::access::Role,
        ids::{InvitationId, UserId, WorkspaceId},
        team::invitation::{Inviter, Offered, offer},
    };
    use expect_test::{Expect, expect};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn invitation() -> Invitation {
        let ana = Inviter {
            user: UserId::of("test", "ana"),
            name: None,
            email: "ana@example.com".parse().unwrap(),
            role: Role::Admin,
        };
        let mut invitation = offer(
            InvitationId::NIL,
            WorkspaceId::NIL,
            ana,
            Offered { email: "ben@example.com".parse().unwrap(), role: Role::Member },
            at("2026-11-01T00:00:00Z"),
        )
        .unwrap();
        invitation.version = 2;
        invitation
    }

    fn person(email: Option<&str>, verified: bool) -> Person {
        let email = email.map(|email| email.parse().unwrap());
        Person { id: UserId::of("test", "ben"), email, email_verified: verified, name: None, name_problem: None }
    }

    #[track_caller]
    fn check(person: &Person, claim: Claim, now: &str, wanted: Expect) {
        let said = match invitation().accepted_by(person, claim, None, at(now)) {
            Ok(member) => format!("{} {}", member.role, member.status.name()),
            Err(error) => error.code().to_owned(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn accepting() {
        let (day, last, over) = ("2026-11-02T00:00:00Z", "2026-11-07T23:59:59.999Z", "2026-11-08T00:00:00Z");
        let ben = person(Some("BEN@example.com"), true);
        check(&ben, Claim::Token { version: 2 }, day, expect!["member active"]);
        check(&ben, Claim::Id, last, expect!["member active"]);
        check(&ben, Claim::Token { version: 1 }, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Token { version: 3 }, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Forged, day, expect!["invitation_not_found"]);
        check(&ben, Claim::Token { version: 2 }, over, expect!["invitation_not_found"]);
        check(&ben, Claim::Id, over, expect!["invitation_not_found"]);

        let unverified = person(Some("ben@example.com"), false);
        check(&unverified, Claim::Token { version: 2 }, day, expect!["email_unverified"]);
        check(&unverified, Claim::Id, day, expect!["invitation_not_found"]);

        let cleo = person(Some("cleo@example.com"), true);
        check(&cleo, Claim::Token { version: 2 }, day, expect!["invitation_for_another_address"]);
        check(&cleo, Claim::Id, day, expect!["invitation_not_found"]);
        check(&person(None, true), Claim::Token { version: 2 }, day, expect!["invitation_for_another_address"]);
    }

    #[test]
    fn a_former_member_keeps_the_first_joining_date() {
        let ben = person(Some("ben@example.com"), true);
        let day = at("2026-11-02T00:00:00Z");
        let mut former = invitation().accepted_by(&ben, Claim::Id, None, day).unwrap();
        former.created_at = at("2025-01-01T00:00:00Z");
        assert_eq!(invitation().accepted_by(&ben, Claim::Id, Some(&former), day), Err(AcceptError::AlreadyMember));
        former.status = MemberStatus::Removed;
        let back = invitation().accepted_by(&ben, Claim::Id, Some(&former), day).unwrap();
        assert_eq!((back.created_at, back.accepted_at), (former.created_at, day));
    }
}
