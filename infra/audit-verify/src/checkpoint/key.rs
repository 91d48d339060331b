//! The operator's public key.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};

/// A public key on the curve P-256.
#[derive(Debug)]
pub struct PublicKey(ParsedPublicKey);

/// The file is not a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be a public key on the curve P-256 in PEM, from `-----BEGIN PUBLIC KEY-----` on")]
pub struct InvalidKey;

impl PublicKey {
    /// Parses a SubjectPublicKeyInfo in PEM.
    ///
    /// # Errors
    /// [`InvalidKey`] if it is something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let (_, rest) = pem.split_once("-----BEGIN PUBLIC KEY-----").ok_or(InvalidKey)?;
        let (body, _) = rest.split_once("-----END PUBLIC KEY-----").ok_or(InvalidKey)?;
        let body: String = body.split_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| InvalidKey)?;
        ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, der).map(Self).map_err(|_| InvalidKey)
    }

    /// True if `signature`, in base64, is the operator's signature of `text`.
    #[must_use]
    pub fn has_signed(&self, text: &str, signature: &str) -> bool {
        let signature = STANDARD.decode(signature);
        signature.is_ok_and(|signature| self.0.verify_sig(text.as_bytes(), &signature).is_ok())
    }
}
