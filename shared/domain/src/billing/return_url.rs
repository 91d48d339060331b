//! Addresses that Stripe's pages send a customer's browser back to: only those of the dashboard.

use crate::workspace::dashboard::DashboardPage;
use std::str::FromStr;
use url::Url;

/// An absolute URL in its normal spelling, of at most 2,048 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(Url);

/// The text is not a return address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an http or https URL of at most {} characters, without a user name", ReturnUrl::MAX_BYTES)]
pub struct InvalidReturnUrl;

impl ReturnUrl {
    /// Maximum length of a URL.
    pub const MAX_BYTES: usize = 2_048;

    /// The URL, with Stripe's placeholder for the session id.
    /// <https://docs.stripe.com/payments/checkout/custom-success-page>
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.as_str().replace("%7BCHECKOUT_SESSION_ID%7D", "{CHECKOUT_SESSION_ID}")
    }
}

impl FromStr for ReturnUrl {
    type Err = InvalidReturnUrl;

    fn from_str(text: &str) -> Result<Self, InvalidReturnUrl> {
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidReturnUrl);
        }
        let url = Url::parse(text).map_err(|_| InvalidReturnUrl)?;
        let plain = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https");
        // Escaping may lengthen the URL.
        if url.as_str().len() <= Self::MAX_BYTES && plain && web { Ok(Self(url)) } else { Err(InvalidReturnUrl) }
    }
}

/// The origins of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins(Vec<Url>);

/// The text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin; give scheme and host, such as https://app.example.com")]
pub struct InvalidOrigin(String);

impl Origins {
    /// Parses the origins in `texts`. The first is the default.
    ///
    /// # Errors
    /// [`InvalidOrigin`] if a text is not an origin, or there is none.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Result<Self, InvalidOrigin> {
        let parse = |text: String| match Url::parse(&text) {
            Ok(url) if url.has_host() && matches!(url.scheme(), "http" | "https") => Ok(url),
            Ok(_) | Err(_) => Err(InvalidOrigin(text)),
        };
        let origins = texts.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        if origins.is_empty() { Err(InvalidOrigin(String::new())) } else { Ok(Self(origins)) }
    }

    /// True if `url` leads to one of the origins.
    #[must_use]
    pub fn contains(&self, url: &ReturnUrl) -> bool {
        self.0.iter().any(|origin| origin.origin() == url.0.origin())
    }

    /// The address of `page` at the first origin.
    #[must_use]
    pub fn page_url(&self, page: DashboardPage<'_>) -> String {
        let origin = self.0.first().map(|origin| origin.origin().ascii_serialization()).unwrap_or_default();
        page.at(&origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dashboard() -> Origins {
        Origins::new(["https://app.example.com", "http://localhost:3000/"].map(str::to_owned)).unwrap()
    }

    #[test]
    fn only_dashboard_urls_are_allowed() {
        for url in ["https://app.example.com/billing?x=1", "https://APP.example.com:443/", "http://localhost:3000/done"]
        {
            assert!(dashboard().contains(&url.parse().unwrap()), "{url}");
        }
        for url in [
            "https://app.example.com.evil.test/",
            "https://app.example.com:444/",
            "http://app.example.com/",
            "https://evil.test/https://app.example.com/",
            "http://localhost:3001/",
        ] {
            assert!(!url.parse().is_ok_and(|url| dashboard().contains(&url)), "{url}");
        }
    }

    #[test]
    fn a_backslash_is_read_as_browsers_do() {
        let url: ReturnUrl = "https://app.example.com\\@evil.test/".parse().unwrap();
        assert_eq!((dashboard().contains(&url), url.to_text().as_str()), (true, "https://app.example.com/@evil.test/"));
    }

    #[test]
    fn invalid_return_urls_are_refused() {
        let long = format!("https://app.example.com/{}", "x".repeat(2_048));
        let long_in_escapes = format!("https://app.example.com/{}", "ü".repeat(400));
        for text in [
            "",
            "/billing",
            "app.example.com",
            "javascript:alert(1)",
            "ftp://app.example.com/",
            "https://app.example.com@evil.test/",
            "data:,",
            &long,
            &long_in_escapes,
        ] {
            assert_eq!(text.parse::<ReturnUrl>(), Err(InvalidReturnUrl), "{text}");
        }
    }

    #[test]
    fn the_session_placeholder_is_kept() {
        let url: ReturnUrl = "https://app.example.com/done?session={CHECKOUT_SESSION_ID}".parse().unwrap();
        assert_eq!(url.to_text(), "https://app.example.com/done?session={CHECKOUT_SESSION_ID}");
        let url: ReturnUrl = "https://app.example.com/{CHECKOUT_SESSION_ID}".parse().unwrap();
        assert_eq!(url.to_text(), "https://app.example.com/{CHECKOUT_SESSION_ID}");
    }

    #[test]
    fn invalid_origins_are_refused() {
        for text in ["", "app.example.com", "mailto:a@example.com"] {
            assert!(Origins::new([text.to_owned()]).is_err());
        }
        assert!(Origins::new([]).is_err());
    }

    #[test]
    fn pages_are_at_the_first_origin() {
        let page = DashboardPage::Invitation("t");
        assert_eq!(dashboard().page_url(page), "https://app.example.com/signup?invite=t");
    }
}
