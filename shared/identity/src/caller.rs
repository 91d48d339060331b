//! The sender of a request.

use domain::{
    email::Email,
    identity::{origin::Origin, person::Person},
    ids::UserId,
    text::PersonName,
};

/// The person behind a verified ID token. Only [`ClaimRules`](crate::ClaimRules) makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(crate) person: Person,
    pub(crate) origin: Origin,
}

impl Caller {
    /// The person.
    #[must_use]
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// Their id.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.person.id
    }

    /// The address that their identity provider names, verified or not.
    #[must_use]
    pub const fn email(&self) -> Option<&Email> {
        self.person.email.as_ref()
    }

    /// The address, if their identity provider has verified it.
    #[must_use]
    pub fn verified_email(&self) -> Option<&Email> {
        self.person.verified_email()
    }

    /// Their name.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.person.name.as_ref()
    }

    /// The origin of the request.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}
