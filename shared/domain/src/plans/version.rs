//! Versions of plans and add-ons. A version is the terms that a customer bought; a change of price or limits makes the next one.

use super::names::{AddonName, InvalidName, PlanName};
use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU16, str::FromStr};

/// Number of a version, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version(NonZeroU16);

impl Version {
    /// The first version.
    pub const FIRST: Self = Self(NonZeroU16::MIN);

    /// The version with this number; `None` for 0.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        match NonZeroU16::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The version with this number, for constants.
    ///
    /// # Panics
    /// If `number` is 0.
    #[must_use]
    #[expect(clippy::panic, reason = "a constant that is wrong does not compile")]
    pub const fn literal(number: u16) -> Self {
        match Self::new(number) {
            Some(version) => version,
            None => panic!("not a version"),
        }
    }

    /// Reads a number as Berth writes it: other spellings, such as `01`, would be other texts for the same version.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        text.parse().ok().and_then(Self::new).filter(|version| version.get().to_string() == text)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }
}

/// A version of a plan or add-on by name. Written as `pro` for the first version, as before there were versions, and as
/// `pro/2` for a later one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "String",
    into = "String",
    bound(serialize = "N: Copy + fmt::Display", deserialize = "N: FromStr<Err = InvalidName>")
)]
pub struct Versioned<N> {
    /// The name.
    pub name: N,
    /// The version.
    pub version: Version,
}

/// A version of a plan.
pub type PlanVersion = Versioned<PlanName>;

/// A version of an add-on.
pub type AddonVersion = Versioned<AddonName>;

/// The text is not a version by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVersion {
    /// The text is not a name.
    #[error("the name {0}")]
    Name(#[from] InvalidName),
    /// The text after the name is not a number.
    #[error("the version must be a number from 1, such as pro/2")]
    Number,
}

impl<N> Versioned<N> {
    /// The first version of `name`.
    #[must_use]
    pub const fn first(name: N) -> Self
    where
        N: Copy,
    {
        Self { name, version: Version::FIRST }
    }

    /// The version `number` of `name`, as metadata and lookup keys of prices write them.
    pub(super) fn stamped(name: &str, number: &str) -> Option<Self>
    where
        N: FromStr,
    {
        Some(Self { name: name.parse().ok()?, version: Version::read(number)? })
    }
}

impl<N: FromStr<Err = InvalidName>> FromStr for Versioned<N> {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let (name, number) = text.split_once('/').unwrap_or((text, "1"));
        let version = Version::read(number).ok_or(InvalidVersion::Number)?;
        Ok(Self { name: name.parse()?, version })
    }
}

impl<N: FromStr<Err = InvalidName>> TryFrom<String> for Versioned<N> {
    type Error = InvalidVersion;

    fn try_from(text: String) -> Result<Self, InvalidVersion> {
        text.parse()
    }
}

impl<N: fmt::Display> From<Versioned<N>> for String {
    fn from(versioned: Versioned<N>) -> Self {
        versioned.to_string()
    }
}

impl<N: fmt::Display> fmt::Display for Versioned<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, version } = self;
        if *version == Version::FIRST { write!(f, "{name}") } else { write!(f, "{name}/{}", version.get()) }
    }
}

impl<N: fmt::Display> fmt::Debug for Versioned<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_version_is_written_as_the_name_alone() {
        for (text, number) in [("pro", 1), ("pro/2", 2), ("pro/65535", 65_535)] {
            let plan: PlanVersion = text.parse().unwrap();
            assert_eq!((plan.name, plan.version.get()), (PlanName::literal("pro"), number));
            assert_eq!(serde_json::to_value(plan).unwrap(), text);
        }
        assert_eq!("pro/1".parse(), Ok(PlanVersion::first(PlanName::literal("pro"))));
        for text in ["pro/0", "pro/", "pro/-1", "pro/02", "pro/65536", "pro/1/2", "/2", "Pro/2", ""] {
            assert!(text.parse::<PlanVersion>().is_err(), "{text}");
        }
    }
}
