//! The token in the unsubscribe link of an e-mail: `digest.mac`.
//!
//! The token contains no address, is not stored and does not expire, because an e-mail may be opened months later. It only
//! ever stops or resumes e-mails to the recipient of the e-mail that contained it.

use crate::{
    error::{Kind, Refusal},
    notifications::recipient::Recipient,
    team::invitation_token::TokenKey,
};

/// Purpose of the MACs of these links.
const PURPOSE: &str = "berth.letters.";

/// Proof that the caller has an e-mail to this recipient. Only [`TokenKey::read_letter_link`] creates one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterHolder(Recipient);

impl LetterHolder {
    /// The recipient of the e-mail.
    #[must_use]
    pub const fn recipient(&self) -> &Recipient {
        &self.0
    }
}

/// The link is not from an e-mail of Berth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this link is incomplete or too old; use the whole link of the newest e-mail you have from us")]
pub struct UnknownLink;

impl Refusal for UnknownLink {
    fn kind(&self) -> Kind {
        Kind::Absent
    }

    fn code(&self) -> &'static str {
        "letter_link_not_found"
    }
}

impl TokenKey {
    /// Creates the token in e-mails to `recipient`.
    #[must_use]
    pub fn sign_letter_link(&self, recipient: &Recipient) -> String {
        self.signed(PURPOSE, &recipient.digest())
    }

    /// Returns the holder of the e-mail that `token` comes from; `None` if this key did not sign it.
    #[must_use]
    pub fn read_letter_link(&self, token: &str) -> Option<LetterHolder> {
        let (digest, mac) = token.split_once('.')?;
        let recipient = Recipient::from_digest(digest)?;
        self.has_signed(PURPOSE, digest, mac).then_some(LetterHolder(recipient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::access::Role,
        ids::{InvitationId, UserId, WorkspaceId},
        team::invitation::{Claim, Invitation, Inviter, Offered, offer},
    };
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn key() -> TokenKey {
        TokenKey::new("an invitation key of more than thirty-two bytes").unwrap()
    }

    fn ben() -> Recipient {
        Recipient::of(&"ben@example.com".parse().unwrap())
    }

    fn invitation() -> Invitation {
        let ana = Inviter {
            user: UserId::of("test", "ana"),
            name: None,
            email: "ana@example.com".parse().unwrap(),
            role: Role::Owner,
        };
        let offered = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Viewer };
        offer(InvitationId::NIL, WorkspaceId::NIL, ana, offered, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_letter_link_needs_its_own_key() {
        let token = key().sign_letter_link(&ben());
        assert_eq!(key().read_letter_link(&token).unwrap().recipient(), &ben());
        let other = TokenKey::new("another invitation key, also of thirty-two").unwrap();
        assert_eq!(other.read_letter_link(&token), None);
    }

    #[test]
    fn tokens_of_other_purposes_are_refused() {
        assert_eq!(key().read_letter_link(&key().sign(&invitation())), None);
        assert_eq!(key().read_letter_link(&key().signed("berth.invitation.", &ben().digest())), None);
        assert_eq!(key().read(&key().sign_letter_link(&ben())).claim, Claim::Forged);
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_refused(text in "\\PC{0,120}") {
            prop_assert_eq!(key().read_letter_link(&text), None);
        }

        #[test]
        fn a_changed_byte_invalidates_the_link(at in 0_usize..87, byte in 33_u8..127) {
            let mut token = key().sign_letter_link(&ben()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            prop_assert_eq!(key().read_letter_link(std::str::from_utf8(&token).unwrap()), None);
        }
    }
}
