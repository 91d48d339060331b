//! The secrets of integrations. Each has a name of its own, is tagged with its workspace, is created once and deleted
//! once.

use super::{Error, service::Service};
use aws_sdk_secretsmanager::{
    error::{ProvideErrorMetadata, SdkError},
    types::Tag,
};
use aws_types::SdkConfig;
use domain::{
    ids::{SecretId, WorkspaceId},
    keyring::Keyring,
};
use jiff::{SignedDuration, Timestamp};
use platform::config::{ConfigError, Environment};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Tag that names a secret's workspace.
const WORKSPACE: &str = "berth:workspace";

/// Time for which a secret that was read is used again. The value of a name never changes, so this only bounds the time
/// for which it is in memory.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// The secrets of integrations. Their names have a common prefix.
#[derive(Debug, Clone)]
pub struct IntegrationSecrets {
    service: Service,
    prefix: String,
    read: Arc<Mutex<HashMap<SecretId, (Keyring, Timestamp)>>>,
}

impl IntegrationSecrets {
    /// Uses the prefix that the environment names.
    ///
    /// # Errors
    /// [`ConfigError`] if the environment names none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let prefix = environment.required("INTEGRATION_SECRET_PREFIX")?;
        Ok(Self { service: Service::lazy(config), prefix, read: Arc::default() })
    }

    /// Creates `secret` under the fresh name `id`.
    ///
    /// # Errors
    /// [`Error`] if Secrets Manager does not confirm it. The secret may have been created.
    pub async fn create(&self, id: SecretId, workspace: WorkspaceId, secret: &Keyring) -> Result<(), Error> {
        let tag = Tag::builder().key(WORKSPACE).value(workspace.to_string()).build();
        let request =
            self.service.client().create_secret().name(self.name(id)).secret_string(secret.reveal()).tags(tag);
        match request.send().await {
            Ok(_) => Ok(()),
            // Nobody else uses this name: an earlier attempt created it, and its response was lost.
            Err(error) if is(&error, "ResourceExistsException") => Ok(()),
            Err(error) => Err(Error::of(&error)),
        }
    }

    /// Reads the secret `id`; `None` if it was deleted.
    ///
    /// # Errors
    /// [`Error`] if Secrets Manager fails, or the secret is malformed.
    pub async fn read(&self, id: SecretId, now: Timestamp) -> Result<Option<Keyring>, Error> {
        if let Some(known) = self.known(id, now) {
            return Ok(Some(known));
        }
        let text = match self.service.client().get_secret_value().secret_id(self.name(id)).send().await {
            Ok(answer) => answer.secret_string.ok_or(Error::Absent)?,
            Err(error) if is(&error, "ResourceNotFoundException") => return Ok(None),
            // A secret that is marked for deletion cannot be read.
            Err(error) if is(&error, "InvalidRequestException") => return Ok(None),
            Err(error) => return Err(Error::of(&error)),
        };
        let secret = Keyring::parse(&text).map_err(Error::Unreadable)?;
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (secret.clone(), now));
        Ok(Some(secret))
    }

    /// Returns true if the secret `id` exists. Its value is not read.
    pub async fn exists(&self, id: SecretId) -> Result<bool, Error> {
        match self.service.client().describe_secret().secret_id(self.name(id)).send().await {
            // A secret that is marked for deletion can still be described.
            Ok(answer) => Ok(answer.deleted_date().is_none()),
            Err(error) if is(&error, "ResourceNotFoundException") => Ok(false),
            Err(error) => Err(Error::of(&error)),
        }
    }

    /// Returns the secret `id` if it was read recently, and forgets all that were not.
    fn known(&self, id: SecretId, now: Timestamp) -> Option<Keyring> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.retain(|_, (_, since)| now.duration_since(*since) < FRESH);
        read.get(&id).map(|(secret, _)| secret.clone())
    }

    /// Deletes the secret `id` permanently. Repeating it, or deleting a name that does not exist, has no effect.
    pub async fn delete(&self, id: SecretId) -> Result<(), Error> {
        let request =
            self.service.client().delete_secret().secret_id(self.name(id)).force_delete_without_recovery(true);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if is(&error, "ResourceNotFoundException") => Ok(()),
            Err(error) => Err(Error::of(&error)),
        }
    }

    fn name(&self, id: SecretId) -> String {
        format!("{}{id}", self.prefix)
    }
}

fn is<E: ProvideErrorMetadata>(error: &SdkError<E>, code: &str) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some(code)
}
