//! The current and the previous version of a secret, kept in memory.
//!
//! The secret is read on first use, after five minutes, and immediately when something does not match it. The last
//! happens at most every 30 seconds, so that forged requests cannot cause calls. If Secrets Manager does not answer,
//! the known version stays in use.

use super::{Error, service::Service};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::{SignedDuration, Timestamp};
use platform::aws::CallFailed;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Time for which a version counts as current.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Age of the known version from which a mismatch causes another read.
const DOUBTED: SignedDuration = SignedDuration::from_secs(30);

/// A secret with its versions.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    service: Service,
    arn: String,
    known: Arc<Mutex<Option<Known>>>,
}

/// The known versions of a secret.
#[derive(Clone)]
struct Known {
    current: String,
    previous: Previous,
    since: Timestamp,
}

/// Hides the secrets.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known(…)")
    }
}

/// The previous version. It is read only when the current one does not match.
#[derive(Clone)]
enum Previous {
    Unasked,
    Known(Option<String>),
}

impl Versions {
    pub(super) fn new(service: Service, arn: String) -> Self {
        Self { service, arn, known: Arc::default() }
    }

    /// Returns the current version.
    pub(super) async fn current(&self, now: Timestamp) -> Result<String, Error> {
        let mut known = self.known.lock().await;
        let fresh = known.as_ref().filter(|known| now.duration_since(known.since) < FRESH);
        if let Some(known) = fresh {
            return Ok(known.current.clone());
        }
        match (self.fetch("AWSCURRENT").await, known.as_ref()) {
            (Ok(Some(current)), _) => {
                *known = Some(Known { current: current.clone(), previous: Previous::Unasked, since: now });
                Ok(current)
            }
            (_, Some(known)) => Ok(known.current.clone()),
            (Ok(None), None) => Err(Error::Absent),
            (Err(error), None) => Err(error),
        }
    }

    /// Returns the current and the previous version, for something that does not match the result of [`Self::current`].
    pub(super) async fn both(&self, now: Timestamp) -> Result<Vec<String>, Error> {
        let mut known = self.known.lock().await;
        let asked = known.as_ref().filter(|known| now.duration_since(known.since) < DOUBTED);
        if let Some(Known { current, previous: Previous::Known(previous), .. }) = asked {
            return Ok([current.clone()].into_iter().chain(previous.clone()).collect());
        }
        let (current, previous) = tokio::try_join!(self.fetch("AWSCURRENT"), self.fetch("AWSPREVIOUS"))?;
        let current = current.ok_or(Error::Absent)?;
        let versions = [current.clone()].into_iter().chain(previous.clone()).collect();
        *known = Some(Known { current, previous: Previous::Known(previous), since: now });
        Ok(versions)
    }

    /// Reads the version at `stage`; `None` if there is none.
    async fn fetch(&self, stage: &str) -> Result<Option<String>, Error> {
        match self.service.client().get_secret_value().secret_id(&self.arn).version_stage(stage).send().await {
            Ok(answer) => Ok(answer.secret_string),
            Err(error) => match error.as_service_error() {
                Some(GetSecretValueError::ResourceNotFoundException(_)) => Ok(None),
                _ => Err(Error::Unavailable(CallFailed::new("Secrets Manager", &error).into())),
            },
        }
    }
}
