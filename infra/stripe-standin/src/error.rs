//! Refusals of the stand-in, in Stripe's words (<https://docs.stripe.com/api/errors>).

use serde_json::{Value, json};
use thiserror::Error;

/// Result of an API call.
pub(crate) type Result<T> = std::result::Result<T, ApiError>;

/// Stage at which a request was refused. Stripe keeps an answer under an idempotency key once the endpoint began to
/// execute. It does not keep the answer to a request with invalid parameters or to one that ran into another
/// (<https://docs.stripe.com/api/idempotent_requests>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Refused before anything was executed.
    Checking,
    /// Refused by the endpoint itself.
    Executing,
}

/// Refusal of a request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    decline_code: Option<&'static str>,
    message: String,
    param: Option<String>,
    pub(crate) stage: Stage,
}

impl ApiError {
    const fn new(status: u16, kind: &'static str, message: String) -> Self {
        Self { status, kind, code: None, decline_code: None, message, param: None, stage: Stage::Checking }
    }

    fn about(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    const fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    const fn executing(mut self) -> Self {
        self.stage = Stage::Executing;
        self
    }

    /// Refuses a parameter with an invalid form or value.
    pub(crate) fn invalid(param: &str, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message.into()).about(param)
    }

    /// Refuses a request without a required parameter.
    pub(crate) fn required(param: &str) -> Self {
        Self::new(400, "invalid_request_error", format!("Missing required param: {param}."))
            .about(param)
            .coded("parameter_missing")
    }

    /// Refuses a parameter that is unknown to the endpoint, or that the stand-in does not model: it refuses such a
    /// parameter instead of ignoring it.
    pub(crate) fn unknown_param(param: &str) -> Self {
        Self::new(400, "invalid_request_error", format!("Received unknown parameter: {param}"))
            .about(param)
            .coded("parameter_unknown")
    }

    /// Refuses a feature of Stripe that the stand-in does not model.
    pub(crate) fn not_modelled(param: &str, what: &str) -> Self {
        Self::invalid(param, format!("The stand-in does not model {what}."))
    }

    /// Refuses an unknown id, with the status 404 for an id in the path and 400 for one in a parameter.
    pub(crate) fn missing(noun: &str, id: impl AsRef<str>, param: &str) -> Self {
        let status = if param == "id" { 404 } else { 400 };
        Self::new(status, "invalid_request_error", format!("No such {noun}: '{}'", id.as_ref()))
            .about(param)
            .coded("resource_missing")
            .executing()
    }

    /// Refuses a parameter that a pending update cannot have
    /// (<https://docs.stripe.com/billing/subscriptions/pending-updates#supported-attributes>).
    pub(crate) fn unsupported_in_pending_update() -> Self {
        let message = "When `payment_behavior` is set to `pending_if_incomplete`, you can only pass supported params. \
                       See https://stripe.com/docs/billing/subscriptions/pending-updates-reference.";
        Self::invalid("payment_behavior", message)
    }

    /// Refuses a change that the state of the object does not allow.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message.into()).executing()
    }

    /// Refuses a change with Stripe's error code.
    pub(crate) fn refused_as(code: &'static str, message: impl Into<String>) -> Self {
        Self::refused(message).coded(code)
    }

    /// Refuses a parameter that the state of another object does not allow.
    pub(crate) fn refused_for(param: &str, message: impl Into<String>) -> Self {
        Self::refused(message).about(param)
    }

    /// Refuses an empty value for a parameter that cannot be unset
    /// (<https://docs.stripe.com/error-codes>, `parameter_invalid_empty`).
    pub(crate) fn empty(param: &str) -> Self {
        let message = format!(
            "You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; however \
             '{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value."
        );
        Self::invalid(param, message).coded("parameter_invalid_empty")
    }

    /// Declines the card (<https://docs.stripe.com/declines/codes>).
    pub(crate) fn declined() -> Self {
        let mut error =
            Self::new(402, "card_error", "Your card was declined.".to_owned()).coded("card_declined").executing();
        error.decline_code = Some("generic_decline");
        error
    }

    /// Refuses to finalize an invoice whose tax cannot be computed
    /// (<https://docs.stripe.com/error-codes>, `customer_tax_location_invalid`).
    pub(crate) fn finalization_failed() -> Self {
        let message = "The customer's location isn't recognized. Set a valid customer address in order to automatically \
                       calculate tax.";
        Self::refused_as("customer_tax_location_invalid", message)
    }

    /// Refuses a payment of an `invoice` or a `subscription` that needs the customer
    /// (<https://docs.stripe.com/error-codes>, `invoice_payment_intent_requires_action` and
    /// `subscription_payment_intent_requires_action`).
    pub(crate) fn needs_action(what: &str) -> Self {
        let (code, subject) = match what {
            "invoice" => ("invoice_payment_intent_requires_action", "This payment"),
            _ => ("subscription_payment_intent_requires_action", "Payment for this subscription"),
        };
        let message = format!("{subject} requires additional user action before it can be completed successfully.");
        Self::new(402, "card_error", message).coded(code).executing()
    }

    /// Refuses a missing or wrong API key (<https://docs.stripe.com/keys>).
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", message.into())
    }

    /// Refuses a request that a restricted key does not permit (<https://docs.stripe.com/keys/restricted-api-keys>).
    pub(crate) fn forbidden() -> Self {
        let message = "The provided key 'rk_test_*' does not have the required permissions for this endpoint.";
        Self::new(403, "invalid_request_error", message.to_owned())
    }

    /// Refuses a route that Stripe or the stand-in does not have.
    pub(crate) fn no_route(method: &str, path: &str) -> Self {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at \
             https://support.stripe.com/."
        );
        Self::new(404, "invalid_request_error", message)
    }

    /// Refuses an idempotency key that was used for a different request
    /// (<https://docs.stripe.com/error-low-level#idempotency>).
    pub(crate) fn key_reused(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
             using a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(400, "idempotency_error", message)
    }

    /// Refuses an idempotency key whose request is still running (<https://docs.stripe.com/error-codes>,
    /// `idempotency_key_in_use`).
    pub(crate) fn key_in_use(key: &str) -> Self {
        let message = format!(
            "There is currently another in-progress request using this Idempotent Key (that probably means you \
             submitted twice, and the other request is still going through): {key}. Please try again later."
        );
        Self::new(409, "invalid_request_error", message).coded("idempotency_key_in_use")
    }

    /// Refuses one of too many requests (<https://docs.stripe.com/rate-limits>).
    pub(crate) fn rate_limited() -> Self {
        let message = "Request rate limit exceeded. Learn more about rate limits here \
                       https://stripe.com/docs/rate-limits."
            .to_owned();
        Self::new(429, "invalid_request_error", message).coded("rate_limit")
    }

    /// Reports an error of Stripe itself, injected by a test.
    pub(crate) fn trouble(status: u16) -> Self {
        let message = "An unknown error occurred".to_owned();
        Self::new(status, "api_error", message).executing()
    }

    /// Reports an error in the stand-in itself.
    pub(crate) fn broken(message: String) -> Self {
        Self::new(500, "api_error", format!("The stand-in is broken: {message}.")).executing()
    }

    /// Returns the body of the answer.
    pub(crate) fn body(&self) -> Value {
        json!({ "error": self.fields() })
    }

    /// Returns the error as objects have it (<https://docs.stripe.com/api/errors>).
    pub(crate) fn fields(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(fields) = error.as_object_mut() {
            if let Some(code) = self.code {
                fields.insert("code".to_owned(), json!(code));
                let page = code.replace('_', "-");
                fields.insert("doc_url".to_owned(), json!(format!("https://stripe.com/docs/error-codes/{page}")));
            }
            if let Some(code) = self.decline_code {
                fields.insert("decline_code".to_owned(), json!(code));
            }
            if let Some(param) = &self.param {
                fields.insert("param".to_owned(), json!(param));
            }
        }
        error
    }
}
