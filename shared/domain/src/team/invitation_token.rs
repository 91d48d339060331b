//! The token in an invitation's link: `workspace.invitation.version.mac`.
//!
//! Nothing of it is stored. Whoever has the key derives it again, so a mail that is sent twice carries the same link,
//! and raising the version kills every token before.

use crate::{
    ids::{InvitationId, WorkspaceId},
    team::invitation::{Claim, Invitation},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// What the MACs of invitations are for.
const PURPOSE: &str = "berth.invitation.";

/// The key that makes and verifies tokens.
#[derive(Clone)]
pub struct TokenKey(Vec<u8>);

/// What somebody shows for a token. It does not print itself: it may be one.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentedToken(String);

impl PresentedToken {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for PresentedToken {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for PresentedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedToken(…)")
    }
}

/// A key that is too short to keep a forger out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key of tokens must have at least {} bytes", TokenKey::MIN_BYTES)]
pub struct KeyTooShort;

/// What a token says: of which invitation it speaks, and what its bearer may claim by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The workspace it names; the nil id if it is no token at all.
    pub workspace: WorkspaceId,
    /// The invitation it names; the nil id if it is no token at all.
    pub invitation: InvitationId,
    /// What it proves.
    pub claim: Claim,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

impl TokenKey {
    /// As many bytes as the MAC has.
    pub const MIN_BYTES: usize = 32;

    /// A key of these bytes.
    ///
    /// # Errors
    /// [`KeyTooShort`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyTooShort> {
        let bytes = bytes.into();
        if bytes.len() < Self::MIN_BYTES { Err(KeyTooShort) } else { Ok(Self(bytes)) }
    }

    /// The token for the invitation as it is now.
    #[must_use]
    pub fn sign(&self, invitation: &Invitation) -> String {
        let subject = format!("{}.{}.{}", invitation.workspace, invitation.id, invitation.version);
        self.signed(PURPOSE, &subject)
    }

    /// What `token` says. A text that is no token names an invitation that there never is, so that it is looked up and
    /// refused like any other.
    #[must_use]
    pub fn read(&self, token: &str) -> Shown {
        self.parse(token).unwrap_or(Shown {
            workspace: WorkspaceId::NIL,
            invitation: InvitationId::NIL,
            claim: Claim::Forged,
        })
    }

    fn parse(&self, token: &str) -> Option<Shown> {
        let (subject, mac) = token.rsplit_once('.')?;
        let mut parts = subject.split('.');
        let shown = Shown {
            workspace: parts.next()?.parse().ok()?,
            invitation: parts.next()?.parse().ok()?,
            claim: Claim::Token { version: parts.next()?.parse().ok()? },
        };
        let authentic = parts.next().is_none() && self.has_signed(PURPOSE, subject, mac);
        Some(if authentic { shown } else { Shown { claim: Claim::Forged, ..shown } })
    }

    /// `subject` and its MAC for `purpose`.
    pub(crate) fn signed(&self, purpose: &str, subject: &str) -> String {
        let mac = URL_SAFE_NO_PAD.encode(self.mac(purpose, subject).finalize().into_bytes());
        format!("{subject}.{mac}")
    }

    /// Whether `mac` is that of `subject` for `purpose`.
    pub(crate) fn has_signed(&self, purpose: &str, subject: &str, mac: &str) -> bool {
        URL_SAFE_NO_PAD.decode(mac).is_ok_and(|mac| self.mac(purpose, subject).verify_slice(&mac).is_ok())
    }

    /// The MAC's input begins with its purpose, so that a token for one is none for another, whatever its key.
    fn mac(&self, purpose: &str, subject: &str) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length; the error type is the trait's")]
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key");
        mac.chain_update(purpose).chain_update(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::access::Role,
        ids::UserId,
        team::invitation::{Inviter, offer},
    };
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn key() -> TokenKey {
        TokenKey::new("an invitation key of more than thirty-two bytes").unwrap()
    }

    fn invitation() -> Invitation {
        let ana = Inviter {
            user: UserId::of("test", "ana"),
            name: None,
            email: "ana@example.com".parse().unwrap(),
            role: Role::Owner,
        };
        let ben = ("ben@example.com".parse().unwrap(), Role::Viewer);
        offer(InvitationId::NIL, WorkspaceId::NIL, ana, ben, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_token_is_read_by_its_own_key_only() {
        let token = key().sign(&invitation());
        assert_eq!(key().read(&token).claim, Claim::Token { version: 1 });
        let other = TokenKey::new("another invitation key, also of thirty-two").unwrap();
        assert_eq!(other.read(&token).claim, Claim::Forged);
    }

    #[test]
    fn the_same_invitation_has_the_same_token_until_it_is_sent_again() {
        let mut invitation = invitation();
        let first = key().sign(&invitation);
        assert_eq!(key().sign(&invitation), first);
        invitation.version = 2;
        assert_ne!(key().sign(&invitation), first);
    }

    #[test]
    fn a_short_key_is_refused() {
        assert_eq!(TokenKey::new("").unwrap_err(), KeyTooShort);
        assert_eq!(TokenKey::new([7; 31]).unwrap_err(), KeyTooShort);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_none_but_ours_is_authentic(text in "\\PC{0,120}") {
            prop_assert_eq!(key().read(&text).claim, Claim::Forged);
        }

        #[test]
        fn one_altered_byte_makes_it_a_forgery(at in 0_usize..110, byte in 33_u8..127) {
            let mut token = key().sign(&invitation()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            let claim = key().read(std::str::from_utf8(&token).unwrap()).claim;
            prop_assert_eq!(claim, Claim::Forged);
        }
    }
}
