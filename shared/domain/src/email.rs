//! E-mail addresses: as written, and folded for comparison.

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};
#[cfg(feature = "openapi")]
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// A syntactically valid address in ASCII: SES sends to no others, and letters of other scripts that look or fold alike
/// would make one address pass for another. Two addresses that differ only in case are equal: providers deliver them to
/// one mailbox, so two spellings of one address must not take two seats.
#[derive(Clone)]
pub struct Email {
    written: String,
    folded: String,
}

/// The text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address such as ben@example.com, in ASCII and of at most 254 characters")]
pub struct InvalidEmail;

/// The longest address that SMTP carries: RFC 5321, erratum 1690.
pub const MAX_BYTES: usize = 254;

impl Email {
    /// The address as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The address folded for comparison and for keys.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        // The length is checked first, so that the parser only sees short texts.
        if text.len() > MAX_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
            return Err(InvalidEmail);
        }
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        EmailAddress::parse_with_options(text, options)
            .map(|address| Self { folded: address.as_str().to_ascii_lowercase(), written: text.to_owned() })
            .map_err(|_| InvalidEmail)
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Email {}

/// Debug output may end up in a log, and logs contain no addresses.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Email);
        let text = ObjectBuilder::new().schema_type(Type::String).format(Some(format)).max_length(Some(MAX_BYTES));
        text.description(Some("E-mail address in ASCII. Upper and lower case are the same address.")).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Email {}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_differ_in_case_are_equal() {
        let (one, other): (Email, Email) = ("Ben@Example.com".parse().unwrap(), "bEN@example.COM".parse().unwrap());
        assert_eq!(one, other);
        assert_eq!(one.written(), "Ben@Example.com");
        assert_eq!(one.folded(), "ben@example.com");
    }

    #[test]
    fn invalid_addresses_are_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        let refused = [
            "",
            "ben",
            "ben@",
            "@example.com",
            "ben@example",
            "a b@example.com",
            "ben@example.com\n",
            "ben@[10.0.0.1]",
            "Ben <ben@example.com>",
            "ben@example.com,ana@example.com",
            "\"ben\"@example.com",
            "be\u{200b}n@example.com",
            "\u{212a}en@example.com",
            "jörg@example.com",
            "ben@münchen.example.com",
            "ben@exam\u{202e}ple.com",
            &long,
        ];
        for text in refused {
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_address() {
        assert_eq!(format!("{:?}", "ben@example.com".parse::<Email>()), "Ok(Email(…))");
    }
}
