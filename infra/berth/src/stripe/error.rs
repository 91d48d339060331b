//! Errors of Stripe. They say if the request may have had an effect, and never contain the API key.

use serde::Deserialize;

/// Reason why a request to Stripe fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not an API key.
    #[error(
        "the API key must begin with sk_test_, sk_live_, rk_test_ or rk_live_; copy a secret or restricted key from Stripe's dashboard"
    )]
    NoKey,
    /// Requests to this URL could be read by others.
    #[error("--stripe-url must begin with https://, or with http:// and be on this machine")]
    Insecure,
    /// Stripe does not know the key.
    #[error("Stripe refuses the API key; check that it is complete and was not rolled")]
    KeyRefused,
    /// The key has too few permissions.
    #[error(
        "the API key lacks a permission for {0}; it needs to write Products and Prices and to read Subscriptions and the account"
    )]
    NotPermitted(String),
    /// There was no readable answer, so the request may have had an effect.
    #[error("Stripe does not answer ({0}); run the same command again, which continues where this one stopped")]
    Unanswered(String),
    /// Stripe is busy. The request had no effect.
    #[error("Stripe is busy ({0}); run the same command again, which continues where this one stopped")]
    Busy(String),
    /// Stripe has failed, and repeats that for a day under the same idempotency key.
    #[error("Stripe has failed ({0}); run the same command again, which continues where this one stopped")]
    Failed(String),
    /// Stripe refuses the request.
    #[error("Stripe refuses a request ({0})")]
    Refused(String),
}

/// Body of an answer with an error status. <https://docs.stripe.com/api/errors>
#[derive(Deserialize)]
pub(super) struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
    message: Option<String>,
}

impl Error {
    /// The error of the answer with `status` to `request`.
    pub(super) fn of(request: &str, status: u16, body: &str) -> Self {
        let Ok(Refusal { error: Reason { kind, code, message } }) = serde_json::from_str(body) else {
            // A proxy in front of Stripe may have answered.
            return Self::Unanswered(format!("{request}: {status}"));
        };
        let message = message.unwrap_or_default();
        let text = format!("{request}: {status} {}", message.lines().next().unwrap_or_default());
        let code = code.unwrap_or_default();
        match status {
            429 => Self::Busy(text),
            _ if matches!(code.as_str(), "idempotency_key_in_use" | "lock_timeout") => Self::Busy(text),
            401 => Self::KeyRefused,
            403 => Self::NotPermitted(request.to_owned()),
            500.. => Self::Failed(text),
            // The key was used with other parameters, so the effect of the first request is unknown.
            _ if kind == "idempotency_error" => Self::Failed(text),
            _ => Self::Refused(text),
        }
    }
}
