//! Commands that may be sent twice: the idempotency key, the fingerprint of the command, and the repeated answer. And what a command
//! expects to find, so that nobody overwrites what they have not seen: a version, or the thing itself.

use crate::text::is_visible_ascii;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::{fmt::Write, str::FromStr};

/// Time for which a request reserves its command before an effect outside of the table: longer than any request runs.
/// If its process dies, the command can be sent again afterwards.
pub const RESERVED: SignedDuration = SignedDuration::from_secs(60);

/// Key by which a client makes sure that a command sent twice runs once: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is not an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, such as a UUID")]
pub struct InvalidKey;

impl FromStr for IdempotencyKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        if is_visible_ascii(text, 255) { Ok(Self(text.to_owned())) } else { Err(InvalidKey) }
    }
}

/// A command under an idempotency key, as stored in its record. Both fields are digests: the path of one command holds
/// an invitation's token, and no token is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Digest of method, full path, workspace header and key; equal for repetitions of one command.
    pub command: String,
    /// Digest of the body; must be equal for repetitions of one command.
    pub body: String,
}

impl Fingerprint {
    /// Computes the fingerprint of a command.
    #[must_use]
    pub fn of(method: &str, path: &str, workspace: Option<&str>, key: &IdempotencyKey, body: &[u8]) -> Self {
        let command = [method, path, workspace.unwrap_or_default(), &key.0]
            .into_iter()
            .fold(Sha256::new(), |digest, part| digest.chain_update(part).chain_update([0]));
        Self { command: hex(&command.finalize()), body: hex(&Sha256::digest(body)) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The answer to a command: new, or repeated from the first time.
#[derive(Debug)]
pub enum Reply<T> {
    /// The command ran now.
    First(T),
    /// The command ran before; this is the answer given then.
    Again(Box<RawValue>),
}

impl<T> Reply<T> {
    /// Returns the answer, if the command ran now. A command without an idempotency key always does.
    #[must_use]
    pub fn first(self) -> Option<T> {
        match self {
            Self::First(answer) => Some(answer),
            Self::Again(_) => None,
        }
    }
}

impl<T: Serialize> Serialize for Reply<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::First(answer) => answer.serialize(serializer),
            Self::Again(answer) => answer.serialize(serializer),
        }
    }
}

/// The versions of an item that a change expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Any version.
    Any,
    /// One of these versions.
    OneOf(Vec<u64>),
}

impl Expected {
    /// True if `version` is expected.
    #[must_use]
    pub fn is(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }
}

/// What somebody saw in force, or that there was nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Seen<T>(Option<T>);

impl<T: PartialEq> Seen<T> {
    /// True if `present` is what was seen.
    #[must_use]
    pub fn is(&self, present: Option<&T>) -> bool {
        self.0.as_ref() == present
    }

    /// True if something was seen.
    #[must_use]
    pub const fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_versions() {
        assert!(Expected::Any.is(7) && Expected::OneOf(vec![6, 7]).is(7));
        assert!(!Expected::OneOf(vec![6]).is(7) && !Expected::OneOf(Vec::new()).is(7));
    }

    #[test]
    fn commands_are_equal_only_if_every_part_is() {
        let key = |text: &str| text.parse::<IdempotencyKey>().unwrap();
        let first = Fingerprint::of("POST", "/a", Some("ws_1"), &key("k"), b"{}");
        assert_eq!(Fingerprint::of("POST", "/a", Some("ws_1"), &key("k"), b"{}"), first);
        for other in [
            Fingerprint::of("PUT", "/a", Some("ws_1"), &key("k"), b"{}"),
            Fingerprint::of("POST", "/b", Some("ws_1"), &key("k"), b"{}"),
            Fingerprint::of("POST", "/a", Some("ws_2"), &key("k"), b"{}"),
            Fingerprint::of("POST", "/a", None, &key("k"), b"{}"),
            Fingerprint::of("POST", "/a", Some("ws_1"), &key("l"), b"{}"),
            Fingerprint::of("POST", "/aws_1", None, &key("k"), b"{}"),
        ] {
            assert_ne!(other.command, first.command);
            assert_eq!(other.body, first.body);
        }
        assert_ne!(Fingerprint::of("POST", "/a", Some("ws_1"), &key("k"), b"{ }").body, first.body);
    }

    #[test]
    fn key_is_short_and_visible_ascii() {
        for text in ["", "a b", "ü", "\n", &"x".repeat(256)] {
            assert_eq!(text.parse::<IdempotencyKey>(), Err(InvalidKey), "{text:?}");
        }
    }
}
