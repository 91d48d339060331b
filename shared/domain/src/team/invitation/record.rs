//! An invitation, how long it lasts, and what its letter names.

use super::{Delivery, Returned, Sender};
use crate::{
    email::Email,
    identity::access::{Role, may_vouch},
    ids::{InvitationId, UserId, WorkspaceId},
    team::member::Member,
    text::PersonName,
};
use jiff::{SignedDuration, Timestamp};

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
    /// Their name at that time; `None` for an invitation stored before names were.
    pub invited_by_name: Option<PersonName>,
    /// Grows when it is sent again; tokens of an earlier version are dead.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// The member who asked for the newest letter; `None` for an invitation stored before this was recorded.
    pub sender: Option<Sender>,
    /// How far the newest letter got.
    pub delivery: Delivery,
    /// What came back instead of a mail that arrived; nothing has so far, if it is none.
    pub returned: Option<Returned>,
}

pub(super) fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

impl Invitation {
    /// Whether it can be accepted no more, so that its seat may be freed.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// The invitation after `sender` sends it again: earlier links are dead, and it lasts as long as a new one.
    #[must_use]
    pub fn resent(&self, sender: Sender, now: Timestamp) -> Self {
        Self {
            version: self.version.saturating_add(1),
            expires_at: expiry(now),
            sender: Some(sender),
            delivery: Delivery::Queued,
            returned: None,
            ..self.clone()
        }
    }

    /// The address that the letter names as the inviter's; `None` if no letter may be sent, since the invitation's maker has no
    /// seat any more that allows it, or no address is known.
    ///
    /// `maker` and `sender` are the records of the member who made the invitation and of the one who asked for the letter. The
    /// sender who has lost their seat is not named.
    #[must_use]
    pub fn letter_names<'a>(&'a self, maker: Option<&'a Member>, sender: Option<&Member>) -> Option<&'a Email> {
        let maker = maker.filter(|maker| may_vouch(maker.active_role(), self.role))?;
        let seated = sender.is_some_and(Member::is_active);
        let sender = self.sender.as_ref().filter(|_| seated).map(|sender| &sender.email);
        sender.or(maker.email.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::profile::ChosenName,
        team::invitation::{Inviter, offer},
        team::member::MemberStatus,
    };

    fn member(name: &str, role: Role) -> Member {
        Member {
            workspace: WorkspaceId::NIL,
            user: UserId::of("test", name),
            email: Some(format!("{name}@example.com").parse().unwrap()),
            name: None,
            chosen: ChosenName::default(),
            role,
            status: MemberStatus::Active,
            invited_by: None,
            created_at: Timestamp::UNIX_EPOCH,
            accepted_at: Timestamp::UNIX_EPOCH,
            last_active_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_letter_names_its_sender_while_they_have_a_seat() {
        let (ana, cleo) = (member("ana", Role::Admin), member("cleo", Role::Admin));
        let inviter =
            Inviter { user: ana.user, name: None, email: "ana@work.example".parse().unwrap(), role: Role::Admin };
        let offered = ("ben@example.com".parse().unwrap(), Role::Member);
        let first = offer(InvitationId::NIL, WorkspaceId::NIL, inviter, offered, Timestamp::UNIX_EPOCH).unwrap();
        let cleos = Sender { user: cleo.user, email: "cleo@work.example".parse().unwrap() };
        let again = first.resent(cleos, Timestamp::UNIX_EPOCH);
        let removed = |member: &Member| Member { status: MemberStatus::Removed, ..member.clone() };
        let named = |invitation: &Invitation, maker: Option<&Member>, sender: Option<&Member>| {
            invitation.letter_names(maker, sender).map(|email| email.written().to_owned())
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
