//! The sender of a request.

use domain::{
    email::Email,
    identity::{denied::Denied, origin::Origin, person::Person},
    ids::UserId,
    keys::{refusal::KeyRefusal, secret::KeyClaim, usage::RateReport},
    text::{PersonName, TextError},
};
use jiff::Timestamp;

/// The person identified by a verified ID token, or whose API key a program presents. Only [`ClaimRules`](crate::ClaimRules)
/// creates the former. A key is verified by the store, which reads it with the workspace.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(crate) person: Person,
    pub(crate) origin: Origin,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) key: Option<PresentedKey>,
}

/// An API key that a request presents; not verified.
#[derive(Debug, Clone)]
pub struct PresentedKey {
    /// What the token says.
    pub claim: KeyClaim,
    /// Where the state of the key's rate is reported.
    pub rate: RateReport,
}

impl Caller {
    /// Returns the person.
    #[must_use]
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// Returns their user id.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.person.id
    }

    /// Returns the address named by their identity provider, verified or not.
    #[must_use]
    pub const fn email(&self) -> Option<&Email> {
        self.person.email.as_ref()
    }

    /// Returns the address, if their identity provider has verified it.
    #[must_use]
    pub fn verified_email(&self) -> Option<&Email> {
        self.person.verified_email()
    }

    /// Returns their name.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.person.name.as_ref()
    }

    /// Returns the reason why the name that their identity provider gives is not used.
    #[must_use]
    pub const fn name_problem(&self) -> Option<&TextError> {
        self.person.name_problem.as_ref()
    }

    /// Returns the time at which the ID token was issued, if it names one. A token shows the person as they were then.
    #[must_use]
    pub const fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }

    /// Returns the time at which the ID token expires, if it names one.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The holder of a ticket for a live connection, which was issued to them for an ID token. Only their id is known.
    #[must_use]
    pub const fn by_ticket(user: UserId, origin: Origin) -> Self {
        let person = Person { id: user, email: None, email_verified: false, name: None, name_problem: None };
        Self { person, origin, issued_at: None, expires_at: None, key: None }
    }

    /// The program that presents the API key `key`. It acts for the key's maker, of whom only the id is known, or
    /// for the key itself.
    #[must_use]
    pub const fn by_key(key: PresentedKey, origin: Origin) -> Self {
        let person = Person { id: key.claim.actor, email: None, email_verified: false, name: None, name_problem: None };
        Self { person, origin, issued_at: None, expires_at: None, key: Some(key) }
    }

    /// Returns the API key that the request presents.
    #[must_use]
    pub const fn key(&self) -> Option<&PresentedKey> {
        self.key.as_ref()
    }

    /// Checks that a person sent the request, and no program with an API key.
    ///
    /// # Errors
    /// [`Denied`] if a key was presented.
    pub const fn require_person(&self) -> Result<(), Denied> {
        if self.key.is_some() { Err(Denied::Key(KeyRefusal::NotByKey)) } else { Ok(()) }
    }

    /// Returns the origin of the request.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}
