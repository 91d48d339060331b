//! The letter of an invitation: whom it names as inviter, and how far it got.

use super::Invitation;
use crate::{email::Email, identity::access::may_vouch, ids::UserId, team::member::Member};
use serde::{Deserialize, Serialize};

/// The member who asked for an invitation's newest letter, and the verified address by which the letter names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// The member.
    pub user: UserId,
    /// Their address; verified when they asked.
    pub email: Email,
}

/// How far an invitation's newest letter got on its way to SES.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It waits to be sent; also that of an invitation stored before this was recorded.
    #[default]
    Queued,
    /// SES took it.
    Sent,
    /// The recipient has got as many letters today as they may. It is sent when the next day begins.
    Deferred,
    /// The recipient wants no letters. None is sent.
    Stopped,
}

impl Delivery {
    /// The name in answers and in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Stopped => "stopped",
        }
    }
}

impl Invitation {
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
        identity::access::Role,
        ids::{InvitationId, WorkspaceId},
        team::invitation::{Inviter, offer},
        team::member::MemberStatus,
    };
    use jiff::Timestamp;

    fn member(name: &str, role: Role) -> Member {
        Member {
            workspace: WorkspaceId::NIL,
            user: UserId::of("test", name),
            email: Some(format!("{name}@example.com").parse().unwrap()),
            name: None,
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
        let inviter = Inviter { user: ana.user, email: "ana@work.example".parse().unwrap(), role: Role::Admin };
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
