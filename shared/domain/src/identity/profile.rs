//! A user's profile: the name, language and time zone that they set for themselves, in all of their workspaces.

use crate::{
    named,
    text::{PersonName, Timezone},
};

named! {
    /// A language of the dashboard, named by its BCP 47 tag.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Language or UnknownLanguage {
        /// English.
        En = "en",
        /// German.
        De = "de",
    }
}

/// The name that a user set for themselves. It takes precedence over their identity provider's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChosenName {
    /// The name; `None` if they set none, or cleared it.
    pub name: Option<PersonName>,
    /// The version of the profile that last changed the name. Members carry copies of the name; a copy with a lower
    /// version is outdated.
    pub version: u64,
}

/// A user's profile. A profile that was never changed has version 0 and is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Grows with every change.
    pub version: u64,
    /// The name they set.
    pub name: ChosenName,
    /// The language they set.
    pub language: Option<Language>,
    /// The time zone they set.
    pub timezone: Option<Timezone>,
}

/// A change of one optional field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edit<T> {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field becomes empty.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T: Clone> Edit<T> {
    pub(crate) fn applied(&self, before: &Option<T>) -> Option<T> {
        match self {
            Self::Keep => before.clone(),
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}

/// A change of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChanges {
    /// The name.
    pub name: Edit<PersonName>,
    /// The language.
    pub language: Edit<Language>,
    /// The time zone.
    pub timezone: Edit<Timezone>,
}

impl Profile {
    /// The profile after `changes`; `None` if they change nothing.
    #[must_use]
    pub fn changed(&self, changes: &ProfileChanges) -> Option<Self> {
        let version = self.version.saturating_add(1);
        let name = changes.name.applied(&self.name.name);
        let name_version = if name == self.name.name { self.name.version } else { version };
        let next = Self {
            version,
            name: ChosenName { name, version: name_version },
            language: changes.language.applied(&self.language),
            timezone: changes.timezone.applied(&self.timezone),
        };
        Some(next).filter(|next| Self { version: self.version, ..next.clone() } != *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_change_outdates_copies() {
        let ana: PersonName = "Ana".parse().unwrap();
        let named = ProfileChanges { name: Edit::Set(ana.clone()), ..ProfileChanges::default() };
        let first = Profile::default().changed(&named).unwrap();
        assert_eq!((first.version, &first.name), (1, &ChosenName { name: Some(ana.clone()), version: 1 }));
        assert_eq!(first.changed(&named), None);
        let german = ProfileChanges { language: Edit::Set(Language::De), ..named };
        let second = first.changed(&german).unwrap();
        assert_eq!((second.version, &second.name), (2, &ChosenName { name: Some(ana), version: 1 }));
        let cleared = ProfileChanges { name: Edit::Clear, ..ProfileChanges::default() };
        let third = second.changed(&cleared).unwrap();
        assert_eq!((third.version, &third.name), (3, &ChosenName { name: None, version: 3 }));
        assert_eq!(third.language, Some(Language::De));
    }

    #[test]
    fn written_languages_parse_back() {
        for language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(language));
            assert_eq!(serde_json::to_value(language).unwrap(), language.name());
        }
        assert_eq!("fr".parse::<Language>().unwrap_err().to_string(), "must be one of en, de");
    }
}
