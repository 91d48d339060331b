//! Errors and helpers for parsing the secrets of integration types. No error repeats the text.

use crate::{
    integrations::{
        kind::vendor::Vendor,
        outgoing::{Outgoing, RequestError},
        reach::{HttpsUrl, Ports},
    },
    secret::{InvalidSecret, Secret},
};
use serde_json::Value;

/// Reasons to refuse the secret of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::integrations) enum SecretError {
    /// The text does not have the form that the service uses.
    #[error("must be {0}")]
    Shape(&'static str),
    /// The text is not valid as any secret.
    #[error(transparent)]
    Invalid(#[from] InvalidSecret),
}

/// Parses a secret of letters and digits, whose length is in `length`.
pub(in crate::integrations) fn letters_and_digits(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    shape: &'static str,
) -> Result<Secret, SecretError> {
    let fits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(text.parse()?) } else { Err(SecretError::Shape(shape)) }
}

/// True if `url` uses the default port: a secret leads to the service, never to a customer's server.
pub(in crate::integrations) fn at_https(url: &HttpsUrl) -> bool {
    Ports::default().admit(url).is_ok()
}

/// Parses a secret that is the URL of a webhook of this vendor, of the form in `shape`.
pub(in crate::integrations) fn webhook_url(
    text: &str,
    vendor: &Vendor,
    shape: &'static str,
) -> Result<Secret, SecretError> {
    let url: HttpsUrl = text.parse().map_err(|_| SecretError::Shape(shape))?;
    match vendor.retired(url.parts()) {
        Some(retired) => Err(SecretError::Shape(retired.instead)),
        None if at_https(&url) && vendor.takes(url.parts()) => Ok(text.parse()?),
        None => Err(SecretError::Shape(shape)),
    }
}

/// Builds the request to a webhook of this vendor, whose stored URL is the secret.
pub(in crate::integrations) fn to_webhook(
    vendor: &Vendor,
    secret: &Secret,
    body: &Value,
) -> Result<Outgoing, RequestError> {
    let request = Outgoing::json(secret.reveal(), body)?;
    if vendor.retired(request.url.parts()).is_some() { Err(RequestError::Retired) } else { Ok(request) }
}
