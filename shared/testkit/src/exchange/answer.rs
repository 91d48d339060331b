//! Responses, in a form to read and to compare.

use axum::body::to_bytes;
use http::{HeaderMap, StatusCode};
use platform::telemetry::Usage;
use serde_json::Value;
use std::fmt;

/// A response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// Body; null if there is none, a string if it is not JSON.
    pub body: Value,
    /// Size of the body in bytes.
    pub bytes: usize,
    /// Round trips, requests and capacity used at the table.
    pub usage: Usage,
}

impl Answer {
    pub(crate) async fn of(response: axum::response::Response, usage: Usage) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let kind = parts.headers.get("content-type").map_or(&[][..], |kind| kind.as_bytes());
        let json = kind.ends_with(b"/json") || kind.ends_with(b"+json");
        let body = match bytes.is_empty() {
            true => Value::Null,
            false if json => serde_json::from_slice(&bytes).unwrap(),
            false => std::str::from_utf8(&bytes).unwrap().into(),
        };
        Self { status: parts.status, headers: parts.headers, body, bytes: bytes.len(), usage }
    }

    /// Returns the problem's code, or an empty string for a success.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Returns the fields named in a problem.
    #[must_use]
    pub fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().map(|error| error["field"].as_str().unwrap()).collect()
    }
}

/// Formats status, headers and body for a reader.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        let mut headers: Vec<_> = self.headers.iter().filter(|(name, _)| *name != "content-length").collect();
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            writeln!(f, "{name}: {}", value.to_str().unwrap())?;
        }
        write!(f, "\n{:#}", self.body)
    }
}
