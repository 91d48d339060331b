//! The stored secrets of an integration: the current one and, for a day after it was rolled, the previous one.
//! Deliveries are signed with both, so that a receiver has time to switch.

use crate::secret::{InvalidSecret, Secret};
use jiff::{SignedDuration, Timestamp};

/// Time for which the previous secret is used in addition to the current one.
pub const ROLLING: SignedDuration = SignedDuration::from_hours(24);

/// The secrets of one integration. It can be neither printed nor serialized; call [`Self::reveal`] for the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyring {
    current: Secret,
    previous: Option<(Secret, Timestamp)>,
}

impl Keyring {
    /// Creates a keyring with a single secret.
    #[must_use]
    pub const fn of(current: Secret) -> Self {
        Self { current, previous: None }
    }

    /// Creates the keyring after a roll at `now`: `current` replaces the current secret of `before`, which becomes the
    /// previous one. A roll to the same secret, such as a repeated request, changes nothing.
    #[must_use]
    pub fn rolled(current: Secret, before: Self, now: Timestamp) -> Self {
        if before.current == current {
            return before;
        }
        let until = now.saturating_add(ROLLING).unwrap_or(Timestamp::MAX);
        Self { current, previous: Some((before.current, until)) }
    }

    /// The current secret.
    #[must_use]
    pub const fn current(&self) -> &Secret {
        &self.current
    }

    /// All secrets in use at `now`, the current one first.
    pub fn at(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
        [&self.current].into_iter().chain(previous)
    }

    /// The text to store: the secret itself or, after a roll, one line each for the current secret, the previous one,
    /// and the end of its use. Secrets contain no line breaks.
    #[must_use]
    pub fn reveal(&self) -> String {
        match &self.previous {
            None => self.current.reveal().to_owned(),
            Some((previous, until)) => format!("{}\n{}\n{until}", self.current.reveal(), previous.reveal()),
        }
    }

    /// Parses the stored text.
    ///
    /// # Errors
    /// [`InvalidSecret`] if the text is not a stored keyring.
    pub fn parse(text: &str) -> Result<Self, InvalidSecret> {
        let mut lines = text.split('\n');
        let current = lines.next().unwrap_or_default().parse()?;
        let previous = match (lines.next(), lines.next(), lines.next()) {
            (None, None, None) => None,
            (Some(previous), Some(until), None) => Some((previous.parse()?, until.parse().map_err(|_| InvalidSecret)?)),
            _ => return Err(InvalidSecret),
        };
        Ok(Self { current, previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        text.parse().unwrap()
    }

    #[test]
    fn previous_secret_is_used_for_a_day() {
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let rolled = Keyring::rolled(secret("the-second-secret"), Keyring::of(secret("the-first-secret")), now);
        let at = |hours| rolled.at(now + SignedDuration::from_hours(hours)).map(Secret::reveal).collect::<Vec<_>>();
        assert_eq!(at(23), ["the-second-secret", "the-first-secret"]);
        assert_eq!(at(24), ["the-second-secret"]);
        assert_eq!(Keyring::rolled(secret("the-second-secret"), rolled.clone(), now), rolled, "a repeated request");
        let again = Keyring::rolled(secret("the-third-secret"), rolled, now);
        assert_eq!(again.at(now).map(Secret::reveal).collect::<Vec<_>>(), ["the-third-secret", "the-second-secret"]);
    }

    #[test]
    fn stored_keyrings_parse_back() {
        let one = Keyring::of(secret("the-first-secret"));
        assert_eq!(one.reveal(), "the-first-secret");
        let two = Keyring::rolled(secret("the-second-secret"), one.clone(), Timestamp::UNIX_EPOCH);
        for ring in [one, two] {
            assert_eq!(Keyring::parse(&ring.reveal()), Ok(ring));
        }
        for text in ["", "short", "0123456789abcdef\n", "0123456789abcdef\n0123456789abcdef\nsoon", "a\nb\nc\nd"] {
            assert_eq!(Keyring::parse(text), Err(InvalidSecret), "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_secrets() {
        let text = format!("{:?}", Keyring::of(secret("the-first-secret")));
        assert!(!text.contains("first"), "{text}");
    }
}
