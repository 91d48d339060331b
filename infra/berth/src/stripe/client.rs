//! Requests to Stripe, repeated where that is safe.

use super::Error;
use domain::plans::file::lock::Mode;
use rustls::crypto::aws_lc_rs;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::{fmt, fmt::Write, sync::Arc, thread, time::Duration};
use ureq::{
    Agent,
    http::{Method, Request},
    tls::{Certificate, RootCerts, TlsConfig},
};

/// Version of Stripe's API.
const VERSION: &str = "2026-09-30.endive";

/// Timeout of one request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Attempts of a request while Stripe is busy.
const ATTEMPTS: u32 = 5;

/// Wait before the second attempt, doubled for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Parameters of a request.
pub type Form = Vec<(String, String)>;

/// Client of the account of one API key.
pub struct Client {
    agent: Agent,
    base: String,
    authorization: String,
    mode: Mode,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.base)
    }
}

impl Client {
    /// A client with the API key `key` of Stripe at `url`. Sends nothing.
    ///
    /// # Errors
    /// [`Error::NoKey`] if `key` cannot be an API key, [`Error::Insecure`] if others could read the requests.
    pub fn new(url: &str, key: &str) -> Result<Self, Error> {
        let rest = key.strip_prefix("sk_").or_else(|| key.strip_prefix("rk_")).ok_or(Error::NoKey)?;
        let mode = Mode::ALL.into_iter().find(|mode| rest.starts_with(&format!("{mode}_"))).ok_or(Error::NoKey)?;
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(Error::NoKey);
        }
        let is_near = ["http://127.0.0.1", "http://localhost"]
            .iter()
            .any(|near| url.strip_prefix(near).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIMEOUT));
        let config = match (is_near, url.starts_with("https://")) {
            (true, _) => config.proxy(None),
            (false, true) => config.tls_config(tls()),
            (false, false) => return Err(Error::Insecure),
        };
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self { agent: config.build().into(), base, authorization: format!("Bearer {key}"), mode })
    }

    /// The mode of the account that the key belongs to.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Reads an object or a page.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str, form: &Form) -> Result<T, Error> {
        match self.send_until_taken(Method::GET, path, form, None) {
            Err(Error::Unanswered(_) | Error::Failed(_)) => self.send_until_taken(Method::GET, path, form, None),
            answer => answer,
        }
    }

    /// Changes an object, which is the same if it is done twice.
    pub(crate) fn update<T: DeserializeOwned>(&self, path: &str, form: &Form) -> Result<T, Error> {
        match self.send_until_taken(Method::POST, path, form, None) {
            Err(Error::Unanswered(_) | Error::Failed(_)) => self.send_until_taken(Method::POST, path, form, None),
            answer => answer,
        }
    }

    /// Creates an object. The idempotency key follows from what is created and from `round`, so that a repetition creates
    /// nothing more. <https://docs.stripe.com/api/idempotent_requests>
    pub(crate) fn create<T: DeserializeOwned>(&self, path: &str, form: &Form, round: u8) -> Result<T, Error> {
        let digest = Sha256::digest(format!("{path}?{}", encoded(form)));
        let digest = digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let key = format!("berth-plans-{round}-{digest}");
        match self.send_until_taken(Method::POST, path, form, Some(&key)) {
            Err(Error::Unanswered(_)) => self.send_until_taken(Method::POST, path, form, Some(&key)),
            answer => answer,
        }
    }

    /// Sends a request, again while Stripe is busy.
    fn send_until_taken<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: &Form,
        key: Option<&str>,
    ) -> Result<T, Error> {
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            match self.send(&method, path, form, key) {
                Err(Error::Busy(_)) => thread::sleep(wait),
                answer => return answer,
            }
            wait = wait.saturating_mul(2);
        }
        self.send(&method, path, form, key)
    }

    fn send<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        form: &Form,
        key: Option<&str>,
    ) -> Result<T, Error> {
        let name = format!("{method} {path}");
        let lost = |error: ureq::Error| Error::Unanswered(format!("{name}: {error}"));
        let (query, body) = match *method {
            Method::GET if form.is_empty() => (String::new(), String::new()),
            Method::GET => (format!("?{}", encoded(form)), String::new()),
            _ => (String::new(), encoded(form)),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/v1{path}{query}", self.base))
            .header("authorization", &self.authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("stripe-version", VERSION);
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let answer = match *method {
            Method::GET => self.agent.run(request.body(()).map_err(|error| lost(error.into()))?),
            _ => self.agent.run(request.body(body).map_err(|error| lost(error.into()))?),
        };
        let mut answer = answer.map_err(lost)?;
        let status = answer.status();
        let text = answer.body_mut().read_to_string().map_err(lost)?;
        if !status.is_success() {
            return Err(Error::of(&name, status.as_u16(), &text));
        }
        serde_json::from_str(&text).map_err(|_| Error::Unanswered(format!("{name}: the answer is unreadable")))
    }
}

/// TLS with the system's root certificates.
fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = found.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .build()
}

fn encoded(form: &Form) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
