//! The token of a runtime's container: `workspace.generation.attempt.mac`.
//!
//! Nothing of it is stored. It is made of the launch alone, so that asking for a launch again gives the same request, and
//! the launch on record decides whether it still opens anything.

use crate::{
    error::{Kind, Refusal},
    ids::WorkspaceId,
    runtime::reconcile::Attempt,
    team::invitation_token::TokenKey,
};

/// What the MACs of runtimes are for.
const PURPOSE: &str = "berth.runtime.";

/// Whoever shows a token: the container of one launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The launch that made it.
    pub attempt: Attempt,
}

/// A token that opens nothing: none of ours, or that of a launch which is not the last one any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is none of a container that is meant to run")]
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
    /// The token for `bearer`.
    #[must_use]
    pub fn sign_runtime(&self, Bearer { workspace, attempt: Attempt { generation, number } }: Bearer) -> String {
        self.signed(PURPOSE, &format!("{workspace}.{generation}.{number}"))
    }

    /// Who shows `token`; `None` if this key has not made it.
    #[must_use]
    pub fn read_runtime(&self, token: &str) -> Option<Bearer> {
        let (subject, mac) = token.rsplit_once('.')?;
        let mut parts = subject.split('.');
        let workspace = parts.next()?.parse().ok()?;
        let attempt = Attempt { generation: parts.next()?.parse().ok()?, number: parts.next()?.parse().ok()? };
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
        Bearer { workspace: WorkspaceId::NIL, attempt: Attempt { generation: 3, number: 2 } }
    }

    #[test]
    fn a_token_is_read_by_its_own_key_only_and_is_the_same_each_time() {
        let token = key().sign_runtime(bearer());
        assert_eq!((key().read_runtime(&token), key().sign_runtime(bearer())), (Some(bearer()), token.clone()));
        let other = TokenKey::new("another runtime key, of more than thirty-two bytes").unwrap();
        assert_eq!(other.read_runtime(&token), None);
    }

    #[test]
    fn a_mac_for_another_purpose_opens_nothing() {
        let subject = format!("{}.3.2", WorkspaceId::NIL);
        assert_eq!(key().read_runtime(&key().signed("berth.invitation.", &subject)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_none_but_ours_is_authentic(text in "\\PC{0,120}") {
            prop_assert_eq!(key().read_runtime(&text), None);
        }

        #[test]
        fn one_altered_byte_makes_it_a_forgery(at in 0_usize..110, byte in 33_u8..127) {
            let mut token = key().sign_runtime(bearer()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            prop_assert_eq!(key().read_runtime(std::str::from_utf8(&token).unwrap()), None);
        }
    }
}
