//! Stripe at an address, and the account of the holder of a key: how requests are sent, and how often.

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

/// How often a request is sent that Stripe is too busy for, or that it is just doing for somebody else.
const TRIES: u32 = 5;

/// The longest first wait between these, doubled each time; the actual one is random below it.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Where Stripe is.
#[derive(Debug, Clone)]
pub struct Stripe {
    base: String,
    ambient: Ambient,
    wire: Wire,
    refused_a_key: Arc<AtomicBool>,
}

/// Stripe, as the holder of a key sees it.
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
    /// Stripe at the address that the environment names. Nothing is sent.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(environment: &Environment, ambient: Ambient) -> Result<Self, ConfigError> {
        let base = environment.required("STRIPE_API_BASE")?;
        let unfit = |problem: &str| ConfigError::Unfit { name: "STRIPE_API_BASE", problem: problem.to_owned() };
        let url = url::Url::parse(&base).map_err(|error| unfit(&error.to_string()))?;
        // A key sent in the clear is everybody's, except to this machine itself.
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

    /// Stripe, for the holder of `key` and one command of his.
    ///
    /// # Errors
    /// [`Error::KeyRefused`] if it cannot be a key, [`Error::Unanswered`] if the system has no root certificates.
    pub fn with_key(&self, key: &str) -> Result<Account, Error> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| {
            self.refused_a_key.store(true, Ordering::Relaxed);
            Error::KeyRefused
        })?;
        authorization.set_sensitive(true);
        Ok(Account { stripe: self.clone(), authorization, connections: self.wire.connections()? })
    }

    /// True if Stripe has refused the key of an account since [`Self::forget_refusal`].
    #[must_use]
    pub fn has_refused_a_key(&self) -> bool {
        self.refused_a_key.load(Ordering::Relaxed)
    }

    /// Another key is used from now on.
    pub fn forget_refusal(&self) {
        self.refused_a_key.store(false, Ordering::Relaxed);
    }
}

/// An idempotency key of Stripe's.
pub(super) fn key(text: &str) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::new(text).map_err(|error| Error::Refused(error.to_string().into()))
}

impl Account {
    /// Sends what changes nothing; once more if no answer came.
    pub(super) async fn read<T: DeserializeOwned>(&self, request: &impl StripeRequest) -> Result<T, Error> {
        let request = request.build();
        match self.send(&request, None).await {
            Err(Error::Unanswered(_) | Error::Failed(_)) => self.send(&request, None).await,
            answer => answer,
        }
    }

    /// Sends what changes something, under `key`.
    pub(super) async fn write<T: DeserializeOwned>(&self, request: &impl StripeRequest, key: &str) -> Result<T, Error> {
        self.send(&request.build(), Some(&self::key(key)?)).await
    }

    /// Sends what does the same however often it is sent, or nothing that lasts; once.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: &impl StripeRequest) -> Result<T, Error> {
        self.send(&request.build(), None).await
    }

    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
    ) -> Result<T, Error> {
        let answer = self.send_until_taken(request, key).await;
        if matches!(answer, Err(Error::KeyRefused)) {
            self.stripe.refused_a_key.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Sends again as long as Stripe is too busy.
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
