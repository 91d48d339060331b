//! Errors and helpers for parsing the secrets of integration types. No error repeats the text.

use crate::{
    integrations::reach::{HttpsUrl, Ports},
    secret::{InvalidSecret, Secret},
};

/// Reasons to refuse the secret of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SecretError {
    /// The text does not have the form that the service uses.
    #[error("must be {0}")]
    Shape(&'static str),
    /// The text is not valid as any secret.
    #[error(transparent)]
    Invalid(#[from] InvalidSecret),
}

/// Parses a secret of letters and digits, whose length is in `length`.
pub(super) fn letters_and_digits(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    shape: &'static str,
) -> Result<Secret, SecretError> {
    let fits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(text.parse()?) } else { Err(SecretError::Shape(shape)) }
}

/// True if `url` uses the default port: a secret leads to the service, never to a customer's server.
pub(super) fn at_https(url: &HttpsUrl) -> bool {
    Ports::default().admit(url).is_ok()
}

/// Parses a secret that is the URL of a webhook; `fit` checks its host and path.
pub(super) fn webhook_url(
    text: &str,
    shape: &'static str,
    fit: impl Fn(&str, &[&str]) -> bool,
) -> Result<Secret, SecretError> {
    let url: HttpsUrl = text.parse().map_err(|_| SecretError::Shape(shape))?;
    let path: Vec<_> = url.parts().path_segments().into_iter().flatten().collect();
    let host = url.parts().host_str().unwrap_or_default();
    if at_https(&url) && fit(host, &path) { Ok(text.parse()?) } else { Err(SecretError::Shape(shape)) }
}
