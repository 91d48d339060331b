//! The secrets of integrations: each under a name of its own, tagged with its workspace, made once and deleted once.

use super::Error;
use crate::{
    config::{ConfigError, Environment},
    domain::{
        ids::{SecretId, WorkspaceId},
        secret::Secret,
    },
};
use aws_sdk_secretsmanager::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::Tag,
};
use aws_types::SdkConfig;

/// The tag that names a secret's workspace.
const WORKSPACE: &str = "berth:workspace";

/// The secrets of integrations, all under names with one prefix.
#[derive(Debug, Clone)]
pub struct IntegrationSecrets {
    client: Client,
    prefix: String,
}

impl IntegrationSecrets {
    /// The secrets under the prefix that the environment has.
    ///
    /// # Errors
    /// [`ConfigError`] if it has none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { client: Client::new(config), prefix: environment.required("INTEGRATION_SECRET_PREFIX")? })
    }

    /// Keeps `secret` under the fresh name `id`.
    ///
    /// # Errors
    /// [`Error`]; whether it was kept is unknown then.
    pub async fn create(&self, id: SecretId, workspace: WorkspaceId, secret: &Secret) -> Result<(), Error> {
        let tag = Tag::builder().key(WORKSPACE).value(workspace.to_string()).build();
        let request = self.client.create_secret().name(self.name(id)).secret_string(secret.reveal()).tags(tag);
        match request.send().await {
            Ok(_) => Ok(()),
            // Nobody else has this name: an earlier attempt made it, and its answer was lost.
            Err(error) if is(&error, "ResourceExistsException") => Ok(()),
            Err(error) => Err(Error::of(&error)),
        }
    }

    /// Deletes the secret `id` for good. Doing so twice, or before it was kept, does nothing more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn delete(&self, id: SecretId) -> Result<(), Error> {
        let request = self.client.delete_secret().secret_id(self.name(id)).force_delete_without_recovery(true);
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
