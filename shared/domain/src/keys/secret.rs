//! Tokens of keys, in base 62: the prefix of the deployment, the ids of workspace, key and the user for whom it acts (22 characters each), a
//! secret of 256 random bits (44) and the CRC-32 of everything before it (6).
//!
//! Scanners recognize tokens by prefix, length and checksum. A token that was mistyped or made up is refused before
//! anything is read. Only a digest of the secret is stored.

use crate::ids::{Fresh, KeyId, UserId, WorkspaceId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use ulid::Ulid;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Characters of 128 bits.
const LONG: usize = 22;

/// Characters of 32 bits.
const SHORT: usize = 6;

/// Characters of the last part of a token that are shown.
const SHOWN: usize = 4;

/// Characters of a token after its prefix.
pub const TOKEN_LENGTH: usize = 5 * LONG + SHORT;

/// The text is not a token. It does not say which part is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not an API key")]
pub struct NotAKey;

/// Beginning of all tokens of a deployment, such as `berth_sk_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// The prefix where none is set.
    #[must_use]
    pub fn usual() -> Self {
        Self("berth_sk_".to_owned())
    }

    /// True if `text` begins as a token does.
    #[must_use]
    pub fn begins(&self, text: &str) -> bool {
        text.starts_with(&self.0)
    }
}

/// The prefix is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 3 to 20 characters of a-z, 0-9 and _, and end with _")]
pub struct InvalidKeyPrefix;

impl std::str::FromStr for KeyPrefix {
    type Err = InvalidKeyPrefix;

    fn from_str(text: &str) -> Result<Self, InvalidKeyPrefix> {
        let usual = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (3..=20).contains(&text.len()) && text.bytes().all(usual) && text.ends_with('_');
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidKeyPrefix) }
    }
}

/// The digest of a key's secret: all that is stored of it.
#[derive(Debug, Clone, Copy)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    fn of(secret: [u128; 2]) -> Self {
        let [high, low] = secret.map(u128::to_be_bytes);
        Self(Sha256::new().chain_update(high).chain_update(low).finalize().into())
    }
}

/// Compares in constant time.
impl PartialEq for SecretDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretDigest {}

impl fmt::Display for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl Serialize for SecretDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SecretDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
        bytes.try_into().map(Self).map_err(|_| serde::de::Error::custom("a digest has 32 bytes"))
    }
}

/// What a token says: who presents it, and the digest of its secret. Nothing of it is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyClaim {
    /// The workspace of the key.
    pub workspace: WorkspaceId,
    /// The key.
    pub key: KeyId,
    /// The user for whom it acts: its maker, or the key itself if it is a service key.
    pub actor: UserId,
    /// Digest of the secret.
    pub digest: SecretDigest,
}

impl KeyClaim {
    /// True if it claims to be a service key.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.actor == self.key.actor()
    }

    /// Parses `token`.
    ///
    /// # Errors
    /// [`NotAKey`] unless it has the prefix, the length, the digits and the checksum of a token.
    pub fn parse(token: &str, prefix: &KeyPrefix) -> Result<Self, NotAKey> {
        let body = token.strip_prefix(&prefix.0).filter(|body| body.len() == TOKEN_LENGTH).ok_or(NotAKey)?;
        let (checked, checksum) = token.split_at_checked(token.len() - SHORT).ok_or(NotAKey)?;
        if number(checksum) != Some(crc32fast::hash(checked.as_bytes()).into()) {
            return Err(NotAKey);
        }
        let part = |at: usize| number(body.get(at * LONG..(at + 1) * LONG).ok_or(NotAKey)?).ok_or(NotAKey);
        Ok(Self {
            workspace: Fresh::fresh(Ulid(part(0)?)),
            key: Fresh::fresh(Ulid(part(1)?)),
            actor: Fresh::fresh(Ulid(part(2)?)),
            digest: SecretDigest::of([part(3)?, part(4)?]),
        })
    }
}

/// A new token. It leaves Berth once, and can be neither printed nor serialized; call [`Self::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct KeyToken {
    text: String,
    digest: SecretDigest,
}

impl KeyToken {
    /// Makes the token of `key`, which acts for `actor`, with this random `secret`.
    #[must_use]
    pub fn new(prefix: &KeyPrefix, (workspace, key, actor): (WorkspaceId, KeyId, UserId), secret: [u128; 2]) -> Self {
        let mut text = prefix.0.clone();
        for part in [workspace.ulid().0, key.ulid().0, actor.ulid().0].into_iter().chain(secret) {
            text.push_str(&digits(part, LONG));
        }
        let checksum = crc32fast::hash(text.as_bytes());
        text.push_str(&digits(checksum.into(), SHORT));
        Self { text, digest: SecretDigest::of(secret) }
    }

    /// The text, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The digest to store.
    #[must_use]
    pub const fn digest(&self) -> SecretDigest {
        self.digest
    }

    /// The last characters, by which a user recognizes the token.
    #[must_use]
    pub fn hint(&self) -> String {
        self.text.get(self.text.len().saturating_sub(SHOWN)..).unwrap_or_default().to_owned()
    }
}

impl fmt::Debug for KeyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyToken(…)")
    }
}

/// Returns `value` in base 62, in `length` digits.
fn digits(mut value: u128, length: usize) -> String {
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        let index = usize::try_from(value % 62).unwrap_or_default();
        *digit = DIGITS.get(index).copied().unwrap_or(b'0');
        value /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// Returns the number that `text` is in base 62; `None` if it has another digit, or is too large.
fn number(text: &str) -> Option<u128> {
    text.bytes().try_fold(0_u128, |value, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        value.checked_mul(62)?.checked_add(digit.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn prefix() -> KeyPrefix {
        "berth_sk_".parse().unwrap()
    }

    fn ids(parts: [u128; 3]) -> (WorkspaceId, KeyId, UserId) {
        let [workspace, key, maker] = parts.map(Ulid);
        (Fresh::fresh(workspace), Fresh::fresh(key), Fresh::fresh(maker))
    }

    /// Invariant 62.
    #[test]
    fn a_token_is_not_printed() {
        let token = KeyToken::new(&prefix(), ids([1, 2, 3]), [4, 5]);
        assert_eq!(format!("{token:?}"), "KeyToken(…)");
        assert_eq!(token.reveal().len(), "berth_sk_".len() + TOKEN_LENGTH);
    }

    proptest! {
        #[test]
        fn tokens_parse_back(parts: [u128; 3], secret: [u128; 2]) {
            let token = KeyToken::new(&prefix(), ids(parts), secret);
            let (workspace, key, actor) = ids(parts);
            let claim = KeyClaim { workspace, key, actor, digest: token.digest() };
            prop_assert_eq!(KeyClaim::parse(token.reveal(), &prefix()), Ok(claim));
        }

        #[test]
        fn a_token_with_another_character_is_none(secret: [u128; 2], at in 0..TOKEN_LENGTH, by in 1_u8..62) {
            let token = KeyToken::new(&prefix(), ids([u128::MAX, 0, 7]), secret);
            let mut changed = token.reveal().as_bytes().to_vec();
            let place = changed.len() - 1 - at;
            let old = DIGITS.iter().position(|digit| *digit == changed[place]).unwrap();
            changed[place] = DIGITS[(old + usize::from(by)) % 62];
            prop_assert_eq!(KeyClaim::parse(std::str::from_utf8(&changed).unwrap(), &prefix()), Err(NotAKey));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "(berth_sk_)?.{0,140}") {
            let _ = KeyClaim::parse(&text, &prefix());
        }
    }

    #[test]
    fn digests_of_other_secrets_differ() {
        let of = |secret| KeyToken::new(&prefix(), ids([1, 2, 3]), secret).digest();
        assert_eq!(of([1, 2]), of([1, 2]));
        assert_ne!(of([1, 2]), of([2, 1]));
        let stored = serde_json::to_value(of([1, 2])).unwrap();
        assert_eq!(serde_json::from_value::<SecretDigest>(stored).unwrap(), of([1, 2]));
    }

    #[test]
    fn prefixes_end_with_an_underscore() {
        for text in ["berth_sk_", "ab_", "acme_live_"] {
            assert!(text.parse::<KeyPrefix>().is_ok(), "{text}");
        }
        for text in ["", "_", "sk", "Berth_", "berth-sk_", "x_y", "a_very_long_prefix_of_tokens_"] {
            assert_eq!(text.parse::<KeyPrefix>(), Err(InvalidKeyPrefix), "{text}");
        }
    }
}
