//! Digests. This file does not know what is hashed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 digest. In JSON it is base64url without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Digest([u8; 32]);

/// The string is not a digest.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a digest must be 32 bytes in base64url without padding, which is 43 characters")]
pub struct InvalidDigest;

impl Digest {
    /// 32 zero bytes, the predecessor of a first record.
    pub const ZERO: Self = Self([0; 32]);

    /// Returns the digest of the parts, one after another.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        Self(parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into())
    }

    /// `H(purpose, first, second)` of the format.
    #[must_use]
    pub fn with_purpose(purpose: &str, first: &[u8], second: &[u8]) -> Self {
        Self::of(&[purpose.as_bytes(), &[0], first, second])
    }

    /// The 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidDigest;

    /// Decodes a digest. Each digest has one form only: bits that the last character does not need must be zero.
    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidDigest)?;
        bytes.try_into().map(Self).map_err(|_| InvalidDigest)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}
