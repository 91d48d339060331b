//! Stripe's API, through async-stripe: what Berth asks of it, and what its answers mean to Berth.
//!
//! What changes something is sent under an idempotency key of its caller's and never repeated by the client, since whoever
//! repeats it must know what became of the first.
//! <https://docs.stripe.com/api/idempotent_requests>

mod cancel;
mod changes;
mod checkout;
mod customers;
mod disputes;
mod error;
mod invoices;
mod listings;
mod payment_methods;
mod portal;
mod reversals;
mod subscriptions;

pub use changes::{End, Present, Schedule};
pub use checkout::{NewSession, Session, SessionState};
pub use error::Error;
pub use invoices::Invoice;
pub use listings::Listed;
pub use payment_methods::Card;

use crate::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeRequest};

/// The longest time that one request may take: Stripe's own are done within seconds, and a function has 29.
const ATTEMPT: Duration = Duration::from_secs(8);

/// How often a request is sent that Stripe is too busy for, or that it is just doing for somebody else.
const TRIES: u32 = 5;

/// The longest first wait between these, doubled each time; the actual one is random below it.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Where Stripe is.
#[derive(Clone)]
pub struct Stripe {
    base: String,
    ambient: Ambient,
    /// The client of the key that was used last: making one reads the system's certificates.
    last: Arc<Mutex<Option<(String, Client)>>>,
}

impl fmt::Debug for Stripe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stripe").field("base", &self.base).finish_non_exhaustive()
    }
}

/// Stripe, as the holder of a key sees it.
#[derive(Clone)]
pub struct Account {
    client: Client,
    ambient: Ambient,
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
        Ok(Self { base: base.trim_end_matches('/').to_owned(), ambient, last: Arc::default() })
    }

    /// Stripe, for the holder of `key`.
    ///
    /// # Errors
    /// [`Error::KeyRefused`] if it cannot be a key.
    pub fn with_key(&self, key: &str) -> Result<Account, Error> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = last.as_ref().filter(|(known, _)| known == key) {
            return Ok(Account { client: client.clone(), ambient: self.ambient.clone() });
        }
        let client = ClientBuilder::new(key).url(format!("{}/", self.base)).timeout(ATTEMPT).build();
        let client = client.map_err(|_| Error::KeyRefused)?;
        *last = Some((key.to_owned(), client.clone()));
        Ok(Account { client, ambient: self.ambient.clone() })
    }
}

/// An idempotency key of Stripe's.
fn key(text: &str) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::new(text).map_err(|error| Error::Refused(error.to_string().into()))
}

impl Account {
    /// Sends what changes nothing; once more if no answer came.
    async fn read<R>(&self, request: &R) -> Result<R::Output, Error>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        match self.send(request, &RequestStrategy::Once).await {
            Err(Error::Unanswered(_) | Error::Failed(_)) => self.send(request, &RequestStrategy::Once).await,
            answer => answer,
        }
    }

    /// Sends what changes something, under `key`.
    async fn write<R>(&self, request: &R, key: &str) -> Result<R::Output, Error>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        self.send(request, &RequestStrategy::Idempotent(self::key(key)?)).await
    }

    async fn send<R>(&self, request: &R, strategy: &RequestStrategy) -> Result<R::Output, Error>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        let mut ceiling = FIRST_WAIT;
        for _ in 1..TRIES {
            match request.customize().request_strategy(strategy.clone()).send(&self.client).await {
                Err(error) if error::passes(&error) => tokio::time::sleep(self.ambient.jitter(ceiling)).await,
                answer => return answer.map_err(Error::of),
            }
            ceiling = ceiling.saturating_mul(2);
        }
        request.customize().request_strategy(strategy.clone()).send(&self.client).await.map_err(Error::of)
    }
}
