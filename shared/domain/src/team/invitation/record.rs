//! The record of an invitation, its lifetime, and the address that its e-mail names.

use super::{LetterRefusal, LetterState, Returned, Sender};
use crate::{
    email::Email,
    identity::access::{Role, may_keep_invitation},
    ids::{InvitationId, UserId, WorkspaceId},
    team::member::Member,
    text::PersonName,
};
use jiff::{SignedDuration, Timestamp};

/// Time for which an invitation can be accepted.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An offer of a seat. It occupies the seat until it is accepted, declined, revoked or released; each of these deletes
/// it.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Id of the invitation.
    pub id: InvitationId,
    /// The workspace of the seat.
    pub workspace: WorkspaceId,
    /// The invited address.
    pub email: Email,
    /// The role of the future member.
    pub role: Role,
    /// The member who made the invitation.
    pub invited_by: UserId,
    /// The inviter's name at that time; `None` for invitations stored before names were recorded.
    pub invited_by_name: Option<PersonName>,
    /// Grows when the invitation is resent; tokens of earlier versions are invalid.
    pub version: u64,
    /// Time at which the invitation was made.
    pub created_at: Timestamp,
    /// Time from which the invitation can no longer be accepted.
    pub expires_at: Timestamp,
    /// The member who requested the newest e-mail; `None` for invitations stored before this was recorded.
    pub sender: Option<Sender>,
    /// Progress of the newest e-mail.
    pub delivery: LetterState,
    /// Reason why the mail service refuses the newest e-mail, if it does.
    pub refusal: Option<LetterRefusal>,
    /// Bounce or complaint about the newest e-mail, if any.
    pub returned: Option<Returned>,
}

/// The member whom the e-mail of an invitation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedInviter<'a> {
    /// Their id.
    pub user: UserId,
    /// Their verified address.
    pub email: &'a Email,
}

pub(super) fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

impl Invitation {
    /// True if the invitation can no longer be accepted, so that its seat may be released.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Resends the invitation on behalf of `sender`: earlier links become invalid, and its lifetime starts again.
    #[must_use]
    pub fn resent(&self, sender: Sender, now: Timestamp) -> Self {
        Self {
            version: self.version.saturating_add(1),
            expires_at: expiry(now),
            sender: Some(sender),
            delivery: LetterState::Queued,
            refusal: None,
            returned: None,
            ..self.clone()
        }
    }

    /// The member whom the e-mail names as the inviter; `None` if no e-mail may be sent, because the maker's seat no
    /// longer allows the invitation or no address is known.
    ///
    /// `maker` and `sender` are the records of the member who made the invitation and of the one who requested the
    /// e-mail. A sender who has lost their seat is not named.
    #[must_use]
    pub fn inviter_for_letter<'a>(
        &'a self,
        maker: Option<&'a Member>,
        sender: Option<&Member>,
    ) -> Option<NamedInviter<'a>> {
        let maker = maker.filter(|maker| may_keep_invitation(maker.active_role(), self.role))?;
        let seated = sender.is_some_and(Member::is_active);
        let sender = self.sender.as_ref().filter(|_| seated);
        let sender = sender.map(|sender| NamedInviter { user: sender.user, email: &sender.email });
        sender.or(maker.email.as_ref().map(|email| NamedInviter { user: maker.user, email }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::profile::ChosenName,
        team::invitation::{Inviter, Offered, offer},
        team::member::MemberStatus,
    };

    fn member(name: &str, role: Role) -> Member {
        Member {
            workspace: WorkspaceId::NIL,
            user: UserId::of("test", name),
            email: Some(format!("{name}@example.com").parse().unwrap()),
            address_issued_at: None,
            blocked: None,
            name: None,
            chosen: ChosenName::default(),
            role,
            status: MemberStatus::Active,
            invited_by: None,
            accepted: None,
            created_at: Timestamp::UNIX_EPOCH,
            accepted_at: Timestamp::UNIX_EPOCH,
            last_active_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_email_names_its_sender_while_they_have_a_seat() {
        let (ana, cleo) = (member("ana", Role::Admin), member("cleo", Role::Admin));
        let inviter =
            Inviter { user: ana.user, name: None, email: "ana@work.example".parse().unwrap(), role: Role::Admin };
        let offered = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Member };
        let first = offer(InvitationId::NIL, WorkspaceId::NIL, inviter, offered, Timestamp::UNIX_EPOCH).unwrap();
        let cleos = Sender { user: cleo.user, email: "cleo@work.example".parse().unwrap() };
        let again = first.resent(cleos, Timestamp::UNIX_EPOCH);
        let removed = |member: &Member| Member { status: MemberStatus::Removed, ..member.clone() };
        let named = |invitation: &Invitation, maker: Option<&Member>, sender: Option<&Member>| {
            invitation.inviter_for_letter(maker, sender).map(|inviter| inviter.email.written().to_owned())
        };
        assert_eq!(named(&first, Some(&ana), Some(&ana)).unwrap(), "ana@work.example");
        assert_eq!(named(&again, Some(&ana), Some(&cleo)).unwrap(), "cleo@work.example");
        assert_eq!(named(&again, Some(&ana), Some(&removed(&cleo))).unwrap(), "ana@example.com");
        // An invitation stored before senders were recorded.
        let old = Invitation { sender: None, ..first };
        assert_eq!(named(&old, Some(&ana), None).unwrap(), "ana@example.com");
        assert_eq!(named(&old, Some(&Member { email: None, ..ana.clone() }), None), None);
        for gone in [None, Some(removed(&ana)), Some(Member { role: Role::Member, ..ana })] {
            assert_eq!(named(&again, gone.as_ref(), Some(&cleo)), None);
        }
    }
}
