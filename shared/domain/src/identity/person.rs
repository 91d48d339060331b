//! A user as their identity provider describes them. This proves nothing: only a `Caller` is known to have sent a
//! request.

use crate::{
    email::Email,
    ids::UserId,
    text::{PersonName, TextError},
};

/// A user as their identity provider describes them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their address, verified or not.
    pub email: Option<Email>,
    /// True if the identity provider has verified the address.
    pub email_verified: bool,
    /// Their name.
    pub name: Option<PersonName>,
    /// The reason why the name in the claim is not used. They can set another one.
    pub name_problem: Option<TextError>,
}

impl Person {
    /// The address, if it is verified.
    #[must_use]
    pub fn verified_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}
