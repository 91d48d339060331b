//! E-mail addresses: as written, and folded for comparison.

use crate::text::host_name::is_mail_domain;
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

/// Reasons to refuse an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// The text is not an e-mail address.
    #[error("must be an e-mail address such as ben@example.com, in ASCII and of at most 254 characters")]
    Syntax,
    /// No host can have the domain's name, so no letter can arrive.
    #[error(
        "must have a domain such as example.com after the @: letters, digits and hyphens between the dots, at most 63 of \
         them and no hyphen first or last, and only letters after the last dot"
    )]
    Domain,
}

/// The longest address that SMTP carries: RFC 5321, erratum 1690.
pub const MAX_BYTES: usize = 254;

impl Email {
    /// The address as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Reads an address that is known already: a stored one, one in a claim, or one that is only compared with these.
    /// Unlike for a new address, its domain need not be one that letters can reach.
    ///
    /// # Errors
    /// [`InvalidEmail::Syntax`] if the text is not an e-mail address.
    pub fn known(text: &str) -> Result<Self, InvalidEmail> {
        // The length is checked first, so that the parser only sees short texts.
        if text.len() > MAX_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
            return Err(InvalidEmail::Syntax);
        }
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        EmailAddress::parse_with_options(text, options)
            .map(|address| Self { folded: address.as_str().to_ascii_lowercase(), written: text.to_owned() })
            .map_err(|_| InvalidEmail::Syntax)
    }

    /// The address folded for comparison and for keys.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// Parses a new address.
impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let address = Self::known(text)?;
        let domain = address.folded.rsplit_once('@').map(|(_, domain)| domain);
        if domain.is_some_and(is_mail_domain) { Ok(address) } else { Err(InvalidEmail::Domain) }
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

/// Reads a stored address. Requests are parsed with [`FromStr`].
impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::known(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
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
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail::Syntax), "{text:?}");
        }
    }

    #[test]
    fn odd_but_valid_addresses_are_accepted() {
        let (local, label) = ("a".repeat(64), "b".repeat(63));
        for text in [
            "a@example.com",
            "0@example.com",
            "ana+newsletter@example.com",
            "ana+a+b=c@example.com",
            "o'brien@example.com",
            "_@example.com",
            "-@example.com",
            "ana_.-b@example.com",
            "!#$%&'*+-/=?^_`{|}~@example.com",
            "first.last@sub.domain.example.co.uk",
            "ana@3com.com",
            "ana@0--0.example.com",
            "ana@xn--mnchen-3ya.de",
            "ana@example.xn--p1ai",
            "ANA@EXAMPLE.COM",
            "ana@a.de",
            "ana@example.photography",
            &format!("{local}@example.com"),
            &format!("ana@{label}.example.com"),
        ] {
            assert_eq!(text.parse::<Email>().map(|email| email.written().to_owned()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn domains_that_no_letter_reaches_are_refused() {
        for text in
            ["a@b.c#d", "a@b.com#d", "a@1.2.3.4", "a@example.1", "a@exam!ple.com", "a@my_host.example.com", "a@b.c"]
        {
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail::Domain), "{text}");
            let stored = serde_json::Value::from(text);
            assert_eq!(serde_json::from_value::<Email>(stored).unwrap().written(), text, "stored ones stay readable");
        }
    }

    #[test]
    fn debug_output_hides_the_address() {
        assert_eq!(format!("{:?}", "ben@example.com".parse::<Email>()), "Ok(Email(…))");
    }
}
