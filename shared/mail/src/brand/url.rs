//! URLs of the brand. Letters load and link to nothing without encryption.

use std::{fmt, str::FromStr};
use url::Url;

/// The text is not a URL that letters may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// It has another scheme.
    #[error("must begin with https://")]
    Scheme,
    /// It cannot be parsed.
    #[error("must be a URL such as https://example.com/help")]
    Syntax,
    /// It has a user name or a password.
    #[error("must not contain a user name or a password")]
    Credentials,
}

/// An https URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(String);

impl FromStr for HttpsUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        if !text.starts_with("https://") {
            return Err(InvalidUrl::Scheme);
        }
        let url = Url::parse(text).map_err(|_| InvalidUrl::Syntax)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Credentials);
        }
        Ok(Self(url.into()))
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
