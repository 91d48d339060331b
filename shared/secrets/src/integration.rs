//! The secrets of integrations: each under a name of its own, tagged with its workspace, made once and deleted once.

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

/// The tag that names a secret's workspace.
const WORKSPACE: &str = "berth:workspace";

/// How long a secret that was read is used again. What stands under a name never changes, so this bounds only for how long
/// it is in memory.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// The secrets of integrations, all under names with one prefix.
#[derive(Debug, Clone)]
pub struct IntegrationSecrets {
    service: Service,
    prefix: String,
    read: Arc<Mutex<HashMap<SecretId, (Keyring, Timestamp)>>>,
}

impl IntegrationSecrets {
    /// The secrets under the prefix that the environment has.
    ///
    /// # Errors
    /// [`ConfigError`] if it has none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let prefix = environment.required("INTEGRATION_SECRET_PREFIX")?;
        Ok(Self { service: Service::when_needed(config), prefix, read: Arc::default() })
    }

    /// Keeps `secret` under the fresh name `id`.
    ///
    /// # Errors
    /// [`Error`]; whether it was kept is unknown then.
    pub async fn create(&self, id: SecretId, workspace: WorkspaceId, secret: &Keyring) -> Result<(), Error> {
        let tag = Tag::builder().key(WORKSPACE).value(workspace.to_string()).build();
        let request =
            self.service.client().create_secret().name(self.name(id)).secret_string(secret.reveal()).tags(tag);
        match request.send().await {
            Ok(_) => Ok(()),
            // Nobody else has this name: an earlier attempt made it, and its answer was lost.
            Err(error) if is(&error, "ResourceExistsException") => Ok(()),
            Err(error) => Err(Error::of(&error)),
        }
    }

    /// The secret `id`; `None` if it was deleted.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read(&self, id: SecretId, now: Timestamp) -> Result<Option<Keyring>, Error> {
        if let Some(known) = self.known(id, now) {
            return Ok(Some(known));
        }
        let text = match self.service.client().get_secret_value().secret_id(self.name(id)).send().await {
            Ok(answer) => answer.secret_string.ok_or(Error::Absent)?,
            Err(error) if is(&error, "ResourceNotFoundException") => return Ok(None),
            // What is marked for deletion cannot be read any more.
            Err(error) if is(&error, "InvalidRequestException") => return Ok(None),
            Err(error) => return Err(Error::of(&error)),
        };
        let secret = Keyring::read(&text).map_err(Error::Unreadable)?;
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (secret.clone(), now));
        Ok(Some(secret))
    }

    /// Whether the secret `id` is there. What stands in it is not read.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn is_there(&self, id: SecretId) -> Result<bool, Error> {
        match self.service.client().describe_secret().secret_id(self.name(id)).send().await {
            // What is marked for deletion is described still.
            Ok(answer) => Ok(answer.deleted_date().is_none()),
            Err(error) if is(&error, "ResourceNotFoundException") => Ok(false),
            Err(error) => Err(Error::of(&error)),
        }
    }

    /// The secret `id`, if it was read lately; what was not is forgotten.
    fn known(&self, id: SecretId, now: Timestamp) -> Option<Keyring> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.retain(|_, (_, since)| now.duration_since(*since) < FRESH);
        read.get(&id).map(|(secret, _)| secret.clone())
    }

    /// Deletes the secret `id` for good. Doing so twice, or before it was kept, does nothing more.
    ///
    /// # Errors
    /// [`Error`].
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
