//! A secret's present and previous version, kept for a while.
//!
//! It is read on its first use, again when what is known is five minutes old, and at once when something does not fit it;
//! the latter at most every half minute, so that a forger cannot make us ask. If Secrets Manager does not answer, what was
//! known stays in use.

use super::{Error, service::Service};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::{SignedDuration, Timestamp};
use platform::aws::CallFailed;
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long a version is taken for the present one.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// How old what is known must be to be asked for again because something did not fit it.
const DOUBTED: SignedDuration = SignedDuration::from_secs(30);

/// A secret.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    service: Service,
    arn: String,
    known: Arc<Mutex<Option<Known>>>,
}

/// What is known of a secret.
#[derive(Clone)]
struct Known {
    current: String,
    previous: Previous,
    since: Timestamp,
}

/// It holds secrets.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known(…)")
    }
}

/// The version before. It is asked for only when the present one does not fit.
#[derive(Clone)]
enum Previous {
    Unasked,
    Known(Option<String>),
}

impl Versions {
    pub(super) fn new(service: Service, arn: String) -> Self {
        Self { service, arn, known: Arc::default() }
    }

    /// The present version.
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

    /// The present version and the one before, for something that does not fit the one that [`Self::current`] gave.
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

    /// The version at `stage`; `None` if there is none.
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
