//! Why a text is no secret of an integration's type. The text is not repeated.

use crate::{
    integrations::reach::{HttpsUrl, Ports},
    secret::{InvalidSecret, Secret},
};

/// Why a text is no secret of an integration's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SecretError {
    /// It does not look like one of that service.
    #[error("must be {0}")]
    Shape(&'static str),
    /// It is unfit for any secret.
    #[error(transparent)]
    Invalid(#[from] InvalidSecret),
}

/// A secret of `length` letters and digits.
pub(super) fn letters_and_digits(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    shape: &'static str,
) -> Result<Secret, SecretError> {
    let fits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(text.parse()?) } else { Err(SecretError::Shape(shape)) }
}

/// Whether `url` names no port of its own: what a secret leads to is a service's, not a customer's.
pub(super) fn at_https(url: &HttpsUrl) -> bool {
    Ports::default().admit(url).is_ok()
}

/// A secret that is the URL of a webhook, whose host and path `fit`.
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
