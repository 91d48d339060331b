//! Texts of the brand.

use std::{fmt, str::FromStr};

/// The text cannot be part of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBrandText {
    /// It is empty or too long.
    #[error("must have 1 to {0} characters")]
    Length(usize),
    /// It has a line break or another control character.
    #[error("must be one line")]
    Control,
}

fn line(text: &str, longest: usize) -> Result<String, InvalidBrandText> {
    if text.chars().any(char::is_control) {
        return Err(InvalidBrandText::Control);
    }
    let text = text.trim();
    let fits = (1..=longest).contains(&text.chars().count());
    if fits { Ok(text.to_owned()) } else { Err(InvalidBrandText::Length(longest)) }
}

/// Name of the product: 1 to 60 characters in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductName(String);

impl ProductName {
    /// Maximum number of characters. The template has the same.
    pub const MAX_CHARS: usize = 60;
}

impl FromStr for ProductName {
    type Err = InvalidBrandText;

    fn from_str(text: &str) -> Result<Self, InvalidBrandText> {
        line(text, Self::MAX_CHARS).map(Self)
    }
}

impl fmt::Display for ProductName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Postal address of the operator: 1 to 200 characters in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress(String);

impl PostalAddress {
    /// Maximum number of characters. The template has the same.
    pub const MAX_CHARS: usize = 200;
}

impl FromStr for PostalAddress {
    type Err = InvalidBrandText;

    fn from_str(text: &str) -> Result<Self, InvalidBrandText> {
        line(text, Self::MAX_CHARS).map(Self)
    }
}

impl fmt::Display for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
