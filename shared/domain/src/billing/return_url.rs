//! Where a customer's browser is sent back to from Stripe's pages: the dashboard, and nowhere else.

use crate::workspace::dashboard::DashboardPage;
use std::str::FromStr;
use url::Url;

/// An absolute address, in its normal spelling, of at most 2,048 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(Url);

/// A text that is no address to come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an http or https URL of at most {} characters, without a user name", ReturnUrl::MAX_BYTES)]
pub struct InvalidReturnUrl;

impl ReturnUrl {
    /// The longest address that is taken.
    pub const MAX_BYTES: usize = 2_048;

    /// The address, with the place for the session's id as Stripe wants it.
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
        // Escaping makes it longer.
        if url.as_str().len() <= Self::MAX_BYTES && plain && web { Ok(Self(url)) } else { Err(InvalidReturnUrl) }
    }
}

/// The origins of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins(Vec<Url>);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: it needs scheme and host, such as https://app.example.com")]
pub struct InvalidOrigin(String);

impl Origins {
    /// The origins in `texts`, the first of them the one that is sent to if nothing else is said.
    ///
    /// # Errors
    /// [`InvalidOrigin`] if one is none, or there is none.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Result<Self, InvalidOrigin> {
        let parse = |text: String| match Url::parse(&text) {
            Ok(url) if url.has_host() && matches!(url.scheme(), "http" | "https") => Ok(url),
            Ok(_) | Err(_) => Err(InvalidOrigin(text)),
        };
        let origins = texts.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        if origins.is_empty() { Err(InvalidOrigin(String::new())) } else { Ok(Self(origins)) }
    }

    /// Whether `url` leads to one of them.
    #[must_use]
    pub fn lead_to(&self, url: &ReturnUrl) -> bool {
        self.0.iter().any(|origin| origin.origin() == url.0.origin())
    }

    /// The address of `page` at the first of them.
    #[must_use]
    pub fn at(&self, page: DashboardPage<'_>) -> String {
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
    fn coming_back_to_the_dashboard_only() {
        for url in ["https://app.example.com/billing?x=1", "https://APP.example.com:443/", "http://localhost:3000/done"]
        {
            assert!(dashboard().lead_to(&url.parse().unwrap()), "{url}");
        }
        for url in [
            "https://app.example.com.evil.test/",
            "https://app.example.com:444/",
            "http://app.example.com/",
            "https://evil.test/https://app.example.com/",
            "http://localhost:3001/",
        ] {
            assert!(!url.parse().is_ok_and(|url| dashboard().lead_to(&url)), "{url}");
        }
    }

    #[test]
    fn a_backslash_is_read_as_browsers_do() {
        let url: ReturnUrl = "https://app.example.com\\@evil.test/".parse().unwrap();
        assert_eq!((dashboard().lead_to(&url), url.to_text().as_str()), (true, "https://app.example.com/@evil.test/"));
    }

    #[test]
    fn what_is_no_address_to_come_back_to() {
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
    fn the_place_of_the_session_stays_a_place() {
        let url: ReturnUrl = "https://app.example.com/done?session={CHECKOUT_SESSION_ID}".parse().unwrap();
        assert_eq!(url.to_text(), "https://app.example.com/done?session={CHECKOUT_SESSION_ID}");
        let url: ReturnUrl = "https://app.example.com/{CHECKOUT_SESSION_ID}".parse().unwrap();
        assert_eq!(url.to_text(), "https://app.example.com/{CHECKOUT_SESSION_ID}");
    }

    #[test]
    fn what_is_no_origin() {
        for text in ["", "app.example.com", "mailto:a@example.com"] {
            assert!(Origins::new([text.to_owned()]).is_err());
        }
        assert!(Origins::new([]).is_err());
    }

    #[test]
    fn pages_are_at_the_first_origin() {
        let page = DashboardPage::Invitation("t");
        assert_eq!(dashboard().at(page), "https://app.example.com/signup?invite=t");
    }
}
