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
    /// Redirects that are followed.
    pub redirects: Redirects,
    /// A request that follows once the receiver has accepted this one.
    pub then: Option<Box<Outgoing>>,
}

/// Redirects that are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// None.
    Refused,
    /// Those that stay at the host.
    WithinHost,
}

/// Reasons why no request can be built from what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The stored config or secret is invalid. Both were checked when they were stored, so this is a defect.
    #[error("the stored config or secret is invalid; set up the integration again")]
    InvalidStored,
    /// The stored address was valid, and its vendor has switched it off since.
    #[error("the service has switched off the stored address; set up the integration again with a new one")]
    Retired,
}

/// Debug output hides URL, headers and body, because each may contain a secret.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing(…)")
    }
}

impl Outgoing {
    /// Creates a request that follows no redirect.
    #[must_use]
    pub const fn new(url: HttpsUrl, headers: Vec<(&'static str, String)>, body: String) -> Self {
        Self { url, headers, body, redirects: Redirects::Refused, then: None }
    }

    /// Creates a JSON request to `url`.
    pub(super) fn json(url: &str, body: &Value) -> Result<Self, RequestError> {
        let url = HttpsUrl::known(url).map_err(|_| RequestError::InvalidStored)?;
        Ok(Self::new(url, vec![("content-type", "application/json".to_owned())], body.to_string()))
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the request to repeat at `location`, if the receiver may redirect this one there by `status`. Method, headers
    /// and body stay, as GitHub's redirects require; a request with a secret never goes to another host.
    #[must_use]
    pub fn redirected(&self, status: u16, location: &str) -> Option<Self> {
        match self.redirects {
            Redirects::Refused => return None,
            Redirects::WithinHost => {}
        }
        let url: HttpsUrl = self.url.parts().join(location).ok()?.as_str().parse().ok()?;
        let same = url.parts().host() == self.url.parts().host() && url.port() == self.url.port();
        (matches!(status, 301 | 302 | 307 | 308) && same).then(|| Self { url, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_within_the_host() {
        let from = |redirects| Outgoing {
            redirects,
            ..Outgoing::json("https://api.github.com/repos/a/b/dispatches", &Value::Null).unwrap().with("x", "y")
        };
        let to = |status, location: &str| {
            let request = from(Redirects::WithinHost).redirected(status, location)?;
            assert_eq!((&request.headers, &request.body), (&from(Redirects::Refused).headers, &"null".to_owned()));
            Some(request.url.as_str().to_owned())
        };
        let moved = Some("https://api.github.com/repositories/1/dispatches".to_owned());
        for status in [301, 302, 307, 308] {
            assert_eq!(to(status, "https://api.github.com/repositories/1/dispatches"), moved);
        }
        assert_eq!(to(307, "/repositories/1/dispatches"), moved);
        for status in [200, 300, 303, 304, 404] {
            assert_eq!(to(status, "/repositories/1/dispatches"), None, "{status}");
        }
        for location in [
            "http://api.github.com/repositories/1",
            "https://evil.example/repositories/1",
            "//evil.example/",
            "https://api.github.com:8443/",
            "https://a@api.github.com/",
            "https://api.github.com.evil.example/",
            "https://127.0.0.1/",
            "javascript:alert(1)",
            "",
        ] {
            let same = location.is_empty().then(|| "https://api.github.com/repos/a/b/dispatches".to_owned());
            assert_eq!(to(307, location), same, "{location}");
        }
        assert_eq!(from(Redirects::Refused).redirected(307, "/repositories/1/dispatches"), None);
    }
}
