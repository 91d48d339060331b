//! A request to a customer's receiver, as a description: who sends it, and whether it may, is not known here.

use crate::integrations::reach::HttpsUrl;
use serde_json::Value;

/// A POST request to be sent. All receivers take POST.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where it goes.
    pub url: HttpsUrl,
    /// Its headers, in lower case, beside those that every request has.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: String,
}

/// A config and a secret that no request can be made of. Both were checked when they were taken, so that this is a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no request can be made of what is stored")]
pub struct Unfit;

/// URL, headers and body may each hold a secret.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing(…)")
    }
}

impl Outgoing {
    /// JSON to `url`.
    pub(super) fn json(url: &str, body: &Value) -> Result<Self, Unfit> {
        let url = url.parse().map_err(|_| Unfit)?;
        Ok(Self { url, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string() })
    }

    /// The same with this header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
