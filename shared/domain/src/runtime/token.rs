//! The token of a runtime's container: `workspace.generation.attempt.mac`.
//!
//! The token is not stored. It is derived from the launch alone, so that a repeated RunTask request is identical; the
//! recorded launch decides if the token is still valid.

use crate::{
    error::{Kind, Refusal},
    ids::WorkspaceId,
    runtime::reconcile::LaunchNumber,
    team::invitation_token::TokenKey,
};

/// Purpose of the MACs of runtime tokens.
const PURPOSE: &str = "berth.runtime.";

/// The bearer of a token: the container of one launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The workspace of the runtime.
    pub workspace: WorkspaceId,
    /// The launch that created the token.
    pub attempt: LaunchNumber,
}

/// The token is invalid: not signed by Berth, or from a launch that is no longer the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is invalid, or belongs to a container that should no longer run")]
pub struct NotAContainer;

impl Refusal for NotAContainer {
    fn kind(&self) -> Kind {
        Kind::Unauthenticated
    }

    fn code(&self) -> &'static str {
        "runtime_token_invalid"
    }
}

impl TokenKey {
    /// Creates the token for `bearer`.
    #[must_use]
    pub fn sign_runtime(&self, Bearer { workspace, attempt: LaunchNumber { generation, number } }: Bearer) -> String {
        self.signed(PURPOSE, &format!("{workspace}.{generation}.{number}"))
    }

    /// Returns the bearer of `token`; `None` if this key did not sign it.
    #[must_use]
    pub fn read_runtime(&self, token: &str) -> Option<Bearer> {
        let (subject, mac) = token.rsplit_once('.')?;
        let mut parts = subject.split('.');
        let workspace = parts.next()?.parse().ok()?;
        let attempt = LaunchNumber { generation: parts.next()?.parse().ok()?, number: parts.next()?.parse().ok()? };
        let authentic = parts.next().is_none() && self.has_signed(PURPOSE, subject, mac);
        authentic.then_some(Bearer { workspace, attempt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> TokenKey {
        TokenKey::new("a runtime key of more than thirty-two bytes, too").unwrap()
    }

    fn bearer() -> Bearer {
        Bearer { workspace: WorkspaceId::NIL, attempt: LaunchNumber { generation: 3, number: 2 } }
    }

    #[test]
    fn token_is_deterministic_and_needs_its_own_key() {
        let token = key().sign_runtime(bearer());
        assert_eq!((key().read_runtime(&token), key().sign_runtime(bearer())), (Some(bearer()), token.clone()));
        let other = TokenKey::new("another runtime key, of more than thirty-two bytes").unwrap();
        assert_eq!(other.read_runtime(&token), None);
    }

    #[test]
    fn a_mac_for_another_purpose_is_refused() {
        let subject = format!("{}.3.2", WorkspaceId::NIL);
        assert_eq!(key().read_runtime(&key().signed("berth.invitation.", &subject)), None);
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_not_authentic(text in "\\PC{0,120}") {
            prop_assert_eq!(key().read_runtime(&text), None);
        }

        #[test]
        fn a_changed_byte_invalidates_the_token(at in 0_usize..110, byte in 33_u8..127) {
            let mut token = key().sign_runtime(bearer()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            prop_assert_eq!(key().read_runtime(std::str::from_utf8(&token).unwrap()), None);
        }
    }
}
