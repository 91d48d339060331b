//! Client of Stripe's API, and the account of an API key. Sends requests and retries them.

use super::{
    Error,
    wire::{Connections, Wire},
};
use http::HeaderValue;
use platform::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};
use serde::de::DeserializeOwned;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use stripe_client_core::RequestBuilder;
use stripe_sdk::{IdempotencyKey, StripeRequest};

/// Attempts of a request if Stripe is busy or processes the same request concurrently.
const TRIES: u32 = 5;

/// Maximum wait before the second attempt, doubled for each further one. The actual wait is random and shorter.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Client of Stripe's API, without an API key.
#[derive(Debug, Clone)]
pub struct Stripe {
    base: String,
    ambient: Ambient,
    wire: Wire,
    refused_a_key: Arc<AtomicBool>,
}

/// Client of Stripe's API for the account of one API key.
#[derive(Clone)]
pub struct Account {
    stripe: Stripe,
    authorization: HeaderValue,
    connections: Connections,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(…)")
    }
}

impl Stripe {
    /// Builds a client for the base URL named by the environment. Sends nothing.
    ///
    /// # Errors
    /// [`ConfigError`] if the URL is missing or invalid.
    pub fn from_environment(environment: &Environment, ambient: Ambient) -> Result<Self, ConfigError> {
        let base = environment.required("STRIPE_API_BASE")?;
        let unfit = |problem: &str| ConfigError::Invalid { name: "STRIPE_API_BASE", problem: problem.to_owned() };
        let url = url::Url::parse(&base).map_err(|error| unfit(&error.to_string()))?;
        // An API key must not be sent unencrypted, except to the local machine.
        let near = url.host_str().is_some_and(|host| matches!(host, "127.0.0.1" | "localhost"));
        if url.scheme() != "https" && !(url.scheme() == "http" && near) {
            return Err(unfit("must begin with https://"));
        }
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            ambient,
            wire: Wire::default(),
            refused_a_key: Arc::default(),
        })
    }

    /// Returns a client with the API key `key`, for one command.
    ///
    /// # Errors
    /// [`Error::KeyRefused`] if `key` cannot be an API key, or [`Error::Unanswered`] if the system has no root
    /// certificates.
    pub fn with_key(&self, key: &str) -> Result<Account, Error> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| {
            self.refused_a_key.store(true, Ordering::Relaxed);
            Error::KeyRefused
        })?;
        authorization.set_sensitive(true);
        Ok(Account { stripe: self.clone(), authorization, connections: self.wire.connections()? })
    }

    /// Returns true if Stripe has refused an API key since [`Self::forget_refusal`].
    #[must_use]
    pub fn has_refused_a_key(&self) -> bool {
        self.refused_a_key.load(Ordering::Relaxed)
    }

    /// Forgets the refusal, because another API key is used from now on.
    pub fn forget_refusal(&self) {
        self.refused_a_key.store(false, Ordering::Relaxed);
    }
}

/// Parses an idempotency key.
pub(super) fn key(text: &str) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::new(text).map_err(|error| Error::Refused(error.to_string().into()))
}

impl Account {
    /// Sends a request that changes nothing, and once more if there is no answer.
    pub(super) async fn get_retrying<T: DeserializeOwned>(&self, request: &impl StripeRequest) -> Result<T, Error> {
        self.get_built(&request.build()).await
    }

    /// Like [`Self::get_retrying`], for a request that no type of async-stripe's describes.
    pub(super) async fn get_built<T: DeserializeOwned>(&self, request: &RequestBuilder) -> Result<T, Error> {
        match self.send(request, None).await {
            Err(Error::Unanswered(_) | Error::Failed(_)) => self.send(request, None).await,
            answer => answer,
        }
    }

    /// Sends a request that changes something, with the idempotency key `key`.
    pub(super) async fn send_keyed<T: DeserializeOwned>(
        &self,
        request: &impl StripeRequest,
        key: &str,
    ) -> Result<T, Error> {
        self.send(&request.build(), Some(&self::key(key)?)).await
    }

    /// Sends a request once, without an idempotency key. For requests that are idempotent or have no lasting effect.
    pub(super) async fn send_once<T: DeserializeOwned>(&self, request: &impl StripeRequest) -> Result<T, Error> {
        self.send(&request.build(), None).await
    }

    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
    ) -> Result<T, Error> {
        // Boxed: the future is large, and callers hold one for each request that they may send.
        let answer = Box::pin(self.send_until_taken(request, key)).await;
        if matches!(answer, Err(Error::KeyRefused)) {
            self.stripe.refused_a_key.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Sends a request, again while Stripe is busy.
    async fn send_until_taken<T: DeserializeOwned>(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
    ) -> Result<T, Error> {
        let mut ceiling = FIRST_WAIT;
        for _ in 1..TRIES {
            match self.connections.send(&self.stripe.base, &self.authorization, request, key).await {
                Err(Error::Busy(_)) => tokio::time::sleep(self.stripe.ambient.jitter(ceiling)).await,
                answer => return answer,
            }
            ceiling = ceiling.saturating_mul(2);
        }
        self.connections.send(&self.stripe.base, &self.authorization, request, key).await
    }
}
