//! The token in an invitation's link: `workspace.invitation.version.mac`.
//!
//! The token is not stored. The holder of the key derives it again, so that a mail that is sent twice carries the same
//! link. Raising the version invalidates all earlier tokens.

use crate::{
    ids::{InvitationId, WorkspaceId},
    team::invitation::{Claim, Invitation},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Purpose of the MACs of invitation tokens.
const PURPOSE: &str = "berth.invitation.";

/// The key that signs and verifies tokens.
#[derive(Clone)]
pub struct TokenKey(Vec<u8>);

/// Text that a caller presents as a token. Debug output hides it, because it may be a valid token.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationReference(String);

impl InvitationReference {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for InvitationReference {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for InvitationReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationReference(…)")
    }
}

/// The key is short enough to be guessed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a token key must have at least {} bytes", TokenKey::MIN_BYTES)]
pub struct KeyTooShort;

/// Content of a token: the invitation it names, and the claim it proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenContent {
    /// The named workspace; the nil id if the text is not a token.
    pub workspace: WorkspaceId,
    /// The named invitation; the nil id if the text is not a token.
    pub invitation: InvitationId,
    /// The claim that the token proves.
    pub claim: Claim,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

impl TokenKey {
    /// Minimum length of a key: the length of the MAC.
    pub const MIN_BYTES: usize = 32;

    /// Creates a key from these bytes.
    ///
    /// # Errors
    /// [`KeyTooShort`] if there are fewer than [`Self::MIN_BYTES`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyTooShort> {
        let bytes = bytes.into();
        if bytes.len() < Self::MIN_BYTES { Err(KeyTooShort) } else { Ok(Self(bytes)) }
    }

    /// Signs the token of the invitation's current version.
    #[must_use]
    pub fn sign(&self, invitation: &Invitation) -> String {
        let subject = format!("{}.{}.{}", invitation.workspace, invitation.id, invitation.version);
        self.signed(PURPOSE, &subject)
    }

    /// Parses `token`. A text that is not a token names an invitation that never exists, so that it is looked up and
    /// refused like any other.
    #[must_use]
    pub fn read(&self, token: &str) -> TokenContent {
        self.parse(token).unwrap_or(TokenContent {
            workspace: WorkspaceId::NIL,
            invitation: InvitationId::NIL,
            claim: Claim::Forged,
        })
    }

    fn parse(&self, token: &str) -> Option<TokenContent> {
        let (subject, mac) = token.rsplit_once('.')?;
        let mut parts = subject.split('.');
        let shown = TokenContent {
            workspace: parts.next()?.parse().ok()?,
            invitation: parts.next()?.parse().ok()?,
            claim: Claim::Token { version: parts.next()?.parse().ok()? },
        };
        let authentic = parts.next().is_none() && self.has_signed(PURPOSE, subject, mac);
        Some(if authentic { shown } else { TokenContent { claim: Claim::Forged, ..shown } })
    }

    /// Returns `subject`, followed by its MAC for `purpose`.
    pub(crate) fn signed(&self, purpose: &str, subject: &str) -> String {
        let mac = URL_SAFE_NO_PAD.encode(self.mac(purpose, subject).finalize().into_bytes());
        format!("{subject}.{mac}")
    }

    /// True if `mac` is the MAC of `subject` for `purpose`.
    pub(crate) fn has_signed(&self, purpose: &str, subject: &str, mac: &str) -> bool {
        URL_SAFE_NO_PAD.decode(mac).is_ok_and(|mac| self.mac(purpose, subject).verify_slice(&mac).is_ok())
    }

    /// The input of the MAC begins with its purpose, so that a token for one purpose is invalid for another, whatever
    /// the key.
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
        team::invitation::{Inviter, Offered, offer},
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
        let ben = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Viewer };
        offer(InvitationId::NIL, WorkspaceId::NIL, ana, ben, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_token_needs_its_own_key() {
        let token = key().sign(&invitation());
        assert_eq!(key().read(&token).claim, Claim::Token { version: 1 });
        let other = TokenKey::new("another invitation key, also of thirty-two").unwrap();
        assert_eq!(other.read(&token).claim, Claim::Forged);
    }

    #[test]
    fn the_token_is_stable_until_the_invitation_is_resent() {
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
        fn arbitrary_text_is_not_authentic(text in "\\PC{0,120}") {
            prop_assert_eq!(key().read(&text).claim, Claim::Forged);
        }

        #[test]
        fn a_changed_byte_invalidates_the_token(at in 0_usize..110, byte in 33_u8..127) {
            let mut token = key().sign(&invitation()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            let claim = key().read(std::str::from_utf8(&token).unwrap()).claim;
            prop_assert_eq!(claim, Claim::Forged);
        }
    }
}
