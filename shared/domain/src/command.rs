//! Commands that may come twice: the idempotency key, what it stands for, and the answer that is given again.

use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::{fmt::Write, str::FromStr};

/// What a client chooses so that a command sent twice is done once: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// A text that is no idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, such as a UUID")]
pub struct InvalidKey;

impl FromStr for IdempotencyKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidKey) }
    }
}

/// A command under an idempotency key, as its record knows it. Both are digests: the path of one command holds an
/// invitation's token, and no token is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Of method, full path, workspace header and key: what makes two commands the same one.
    pub command: String,
    /// Of the body: what must not differ between them.
    pub body: String,
}

impl Fingerprint {
    /// The fingerprint of a command.
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
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The answer to a command: just made, or the one that was given the first time.
#[derive(Debug)]
pub enum Reply<T> {
    /// The command has been done now.
    First(T),
    /// It had been done before; this is what was answered then.
    Again(Box<RawValue>),
}

impl<T: Serialize> Serialize for Reply<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::First(answer) => answer.serialize(serializer),
            Self::Again(answer) => answer.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_the_same_only_if_every_part_is() {
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
    fn a_key_is_short_and_visible() {
        for text in ["", "a b", "ü", "\n", &"x".repeat(256)] {
            assert_eq!(text.parse::<IdempotencyKey>(), Err(InvalidKey), "{text:?}");
        }
    }
}
