//! The stand-ins for KMS, with one key that signs, and for S3, with one bucket under Object Lock. Each version of an object is
//! kept.

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Id of the key, and name of the bucket.
pub(crate) const KEY: &str = "checkpoint-key";
pub(crate) const BUCKET: &str = "checkpoints";

/// Longest message in bytes that KMS signs.
const LONGEST_MESSAGE: usize = 4096;

static PAIR: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap());

/// Returns the public key as PEM.
pub(crate) fn public_key() -> String {
    let der: PublicKeyX509Der<'_> = PAIR.public_key().as_der().unwrap();
    let text = STANDARD.encode(der.as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

/// Answers `Sign` as KMS would.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>
pub(crate) fn sign(request: &Value) -> (u16, String) {
    let refusal = |code: &str| (400, json!({"__type": code, "message": "as the service would"}).to_string());
    if request["KeyId"] != KEY {
        return refusal("NotFoundException");
    }
    let message = STANDARD.decode(request["Message"].as_str().unwrap()).unwrap();
    if message.is_empty() || message.len() > LONGEST_MESSAGE {
        return refusal("ValidationException");
    }
    assert_eq!(request["MessageType"], "RAW", "the stand-in for KMS signs no digests");
    assert_eq!(request["SigningAlgorithm"], "ECDSA_SHA_256", "the key has one algorithm");
    let signature = PAIR.sign(&SystemRandom::new(), &message).unwrap();
    let answer = json!({
        "KeyId": format!("arn:aws:kms:us-east-1:000000000000:key/{KEY}"),
        "Signature": STANDARD.encode(signature),
        "SigningAlgorithm": "ECDSA_SHA_256",
    });
    (200, answer.to_string())
}

/// Returns an error as S3 would.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
pub(crate) fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, format!("<Error><Code>{code}</Code><Message>as the service would</Message></Error>"))
}

/// The objects of the bucket, oldest first: names and texts.
#[derive(Debug, Default)]
pub(crate) struct Vault(Vec<(String, String)>);

impl Vault {
    pub(crate) fn objects(&self) -> Vec<(String, String)> {
        self.0.clone()
    }

    /// Answers `PutObject` as S3 would. Object Lock demands a checksum.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>
    pub(crate) fn put(&mut self, path: &str, request: &Value) -> (u16, String) {
        let Some((_, name)) = path.split_once(&format!("/{BUCKET}/")) else {
            return refusal(404, "NoSuchBucket");
        };
        let text = request["Body"].as_str().unwrap();
        match request["ChecksumSHA256"].as_str() {
            None => refusal(400, "InvalidRequest"),
            Some(sum) if sum != STANDARD.encode(digest(&SHA256, text.as_bytes())) => refusal(400, "BadDigest"),
            Some(_) => {
                assert_eq!(request["ContentType"], "application/json", "an object is JSON");
                self.0.push((name.to_owned(), text.to_owned()));
                (200, String::new())
            }
        }
    }
}
