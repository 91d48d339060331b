//! The description of a request to a customer's receiver. Sending it, and deciding if it may be sent, happen elsewhere.

use crate::integrations::reach::HttpsUrl;
use serde_json::Value;

/// A POST request to be sent. All receivers take POST.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The URL of the receiver.
    pub url: HttpsUrl,
    /// The headers, in lower case, in addition to those of every request.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// The stored config or secret is invalid. Both were checked when they were stored, so this is a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored config or secret is invalid; set up the integration again")]
pub struct InvalidStoredConfig;

/// Debug output hides URL, headers and body, because each may contain a secret.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing(…)")
    }
}

impl Outgoing {
    /// Creates a JSON request to `url`.
    pub(super) fn json(url: &str, body: &Value) -> Result<Self, InvalidStoredConfig> {
        let url = HttpsUrl::known(url).map_err(|_| InvalidStoredConfig)?;
        Ok(Self { url, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string() })
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
