//! The operator's brand in letters: settings that are parsed when the process starts, so that a wrong one stops the start.

pub(crate) mod color;
pub(crate) mod text;
pub(crate) mod url;

use color::AccentColor;
use platform::config::{ConfigError, Environment};
use text::{PostalAddress, ProductName};
use url::HttpsUrl;

/// The operator's brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Name of the product.
    pub product: ProductName,
    /// URL of a square image, which mail programs load. Without one, letters show the product's name only.
    pub logo: Option<HttpsUrl>,
    /// Colour of buttons and links.
    pub accent: AccentColor,
    /// Postal address at the end of each letter.
    pub postal_address: Option<PostalAddress>,
    /// Page on which customers get support.
    pub support: Option<HttpsUrl>,
}

impl Brand {
    /// Reads the brand from `PRODUCT_NAME`, and from `PRODUCT_LOGO`, `ACCENT_COLOR`, `POSTAL_ADDRESS` and `SUPPORT_URL` if
    /// they are set.
    ///
    /// # Errors
    /// [`ConfigError`] if `PRODUCT_NAME` is missing, or a value is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            product: environment.parsed("PRODUCT_NAME")?,
            logo: environment.parsed_if_set("PRODUCT_LOGO")?,
            accent: environment.parsed_if_set("ACCENT_COLOR")?.unwrap_or_default(),
            postal_address: environment.parsed_if_set("POSTAL_ADDRESS")?,
            support: environment.parsed_if_set("SUPPORT_URL")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(settings: &[(&str, &str)], wanted: Expect) {
        let environment = settings.iter().copied().collect();
        let read = Brand::from_environment(&environment);
        wanted.assert_eq(&read.map_or_else(|error| error.to_string(), |brand| format!("{brand:?}")));
    }

    #[test]
    fn wrong_settings_are_refused_with_a_reason() {
        let name = ("PRODUCT_NAME", "Acme");
        check(&[], expect!["the environment variable PRODUCT_NAME is not set"]);
        check(
            &[("PRODUCT_NAME", "Acme\r\nBcc: x@example.com")],
            expect!["the environment variable PRODUCT_NAME must be one line"],
        );
        check(
            &[name, ("PRODUCT_LOGO", "http://example.com/logo.png")],
            expect!["the environment variable PRODUCT_LOGO must begin with https://"],
        );
        check(
            &[name, ("SUPPORT_URL", "javascript:alert(1)")],
            expect!["the environment variable SUPPORT_URL must begin with https://"],
        );
        check(
            &[name, ("SUPPORT_URL", "https://user:password@example.com/")],
            expect!["the environment variable SUPPORT_URL must not contain a user name or a password"],
        );
        check(
            &[name, ("SUPPORT_URL", "https://")],
            expect!["the environment variable SUPPORT_URL must be a URL such as https://example.com/help"],
        );
        check(
            &[name, ("ACCENT_COLOR", "red")],
            expect!["the environment variable ACCENT_COLOR must be a colour such as #2563eb"],
        );
        check(
            &[name, ("POSTAL_ADDRESS", "Street 1\nCity")],
            expect!["the environment variable POSTAL_ADDRESS must be one line"],
        );
    }

    #[test]
    fn only_the_name_is_required() {
        check(
            &[("PRODUCT_NAME", "Acme"), ("PRODUCT_LOGO", "")],
            expect![[
                r##"Brand { product: ProductName("Acme"), logo: None, accent: AccentColor(Rgb([36, 87, 214])), postal_address: None, support: None }"##
            ]],
        );
    }
}
