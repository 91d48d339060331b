//! KMS and S3: signs batches of checkpoints, and keeps them in a bucket under Object Lock. It knows nothing of what a batch
//! contains: docs/audit-format.md describes that.
//!
//! Both calls may be repeated. Another signature of the same batch is as valid, and another object of the same name is another
//! version of it.

use aws_sdk_kms::{
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use aws_sdk_s3::types::ChecksumAlgorithm;
use aws_types::SdkConfig;
use base64::{Engine, engine::general_purpose::STANDARD};
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};
use std::sync::{Arc, OnceLock};

/// Longest batch in bytes, because KMS signs no longer message.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>
pub const LONGEST_BATCH: usize = 4096;

/// A batch was not signed, or an object was not stored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The batch is longer than [`LONGEST_BATCH`].
    #[error("a batch of {0} bytes is longer than the {LONGEST_BATCH} that KMS signs")]
    TooLong(usize),
    /// KMS did not answer, or refused.
    #[error("a batch of checkpoints was not signed")]
    NotSigned(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// S3 did not answer, or refused.
    #[error("a batch of checkpoints was not stored in the bucket")]
    NotKept(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A signature of KMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// ECDSA signature with SHA-256 on the curve P-256, in DER and base64 (RFC 4648, padded).
    pub signature: String,
}

/// The key that signs checkpoints, and the bucket that keeps them.
#[derive(Debug, Clone)]
pub struct Notary(Arc<Inner>);

/// The clients are created on first use: most sweeps sign nothing, and starting should not pay for them.
#[derive(Debug)]
struct Inner {
    config: SdkConfig,
    key: String,
    bucket: String,
    kms: OnceLock<aws_sdk_kms::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
}

impl Notary {
    /// Signs with the KMS key `key`, an id or an ARN, and stores objects in `bucket`.
    #[must_use]
    pub fn new(config: &SdkConfig, key: String, bucket: String) -> Self {
        let config = config.clone();
        Self(Arc::new(Inner { config, key, bucket, kms: OnceLock::new(), s3: OnceLock::new() }))
    }

    /// Reads the key from `CHECKPOINT_KEY` and the bucket from `CHECKPOINT_BUCKET`.
    ///
    /// # Errors
    /// [`ConfigError`] if one is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let (key, bucket) = (environment.required("CHECKPOINT_KEY")?, environment.required("CHECKPOINT_BUCKET")?);
        Ok(Self::new(config, key, bucket))
    }

    /// Returns the name of the key that signs, as the operator has set it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// Signs `batch`.
    ///
    /// # Errors
    /// [`Error::TooLong`] without a call, [`Error::NotSigned`] if KMS does not sign it in time.
    pub async fn sign(&self, batch: &str) -> Result<Signed, Error> {
        if batch.len() > LONGEST_BATCH {
            return Err(Error::TooLong(batch.len()));
        }
        let call = self.0.kms().sign().key_id(&self.0.key).message(Blob::new(batch));
        let call = call.message_type(MessageType::Raw).signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let answer = call.send().await.map_err(|error| Error::NotSigned(CallFailed::new("KMS", &error).into()))?;
        let signature = answer.signature().ok_or_else(|| Error::NotSigned("KMS gave no signature".into()))?;
        Ok(Signed { signature: STANDARD.encode(signature) })
    }

    /// Stores `object`, which is JSON, as `name`. The bucket's default retention applies to it. Object Lock demands a checksum,
    /// and S3 shows this one to auditors.
    ///
    /// # Errors
    /// [`Error::NotKept`] if S3 does not store it in time.
    pub async fn keep(&self, name: &str, object: String) -> Result<(), Error> {
        let call = self.0.s3().put_object().bucket(&self.0.bucket).key(name).body(object.into_bytes().into());
        let call = call.content_type("application/json").checksum_algorithm(ChecksumAlgorithm::Sha256);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::NotKept(CallFailed::new("S3", &error).into())),
        }
    }
}

impl Inner {
    fn kms(&self) -> &aws_sdk_kms::Client {
        self.kms.get_or_init(|| aws_sdk_kms::Client::new(&self.config))
    }

    /// Buckets are parts of host names, except at an endpoint of one name, such as the local cloud's.
    fn s3(&self) -> &aws_sdk_s3::Client {
        self.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.config);
            let config = config.force_path_style(self.config.endpoint_url().is_some()).build();
            aws_sdk_s3::Client::from_conf(config)
        })
    }
}
