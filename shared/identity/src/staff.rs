//! The operator's staff: people whose ID token has a group in a claim, and an address that is verified.

use crate::ClaimRules;
use domain::{email::Email, identity::origin::Origin, text::PersonName};
use platform::config::{ConfigError, Environment};
use std::{collections::HashMap, sync::Arc};

/// The rules by which claims prove that a person belongs to the staff.
#[derive(Debug, Clone)]
pub struct StaffRules(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    claims: ClaimRules,
    claim: String,
    group: String,
}

/// A person of the operator's staff. Only [`StaffRules`] creates one.
#[derive(Debug, Clone)]
pub struct Staff {
    email: Email,
    name: PersonName,
    request_id: String,
}

impl StaffRules {
    /// Reads the rules of the deployment: those of ID tokens, and the claim and the group of the staff.
    ///
    /// # Errors
    /// [`ConfigError`] if the audience, the claim or the group is not set.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self(Arc::new(Rules {
            claims: ClaimRules::from_environment(environment)?,
            claim: environment.required("STAFF_CLAIM")?,
            group: environment.required("STAFF_GROUP")?,
        })))
    }

    /// The rules of ID tokens.
    #[must_use]
    pub fn claims(&self) -> &ClaimRules {
        &self.0.claims
    }

    /// Returns the person of the staff whom the `claims` of a verified token identify: by an ID token, with the group, and with
    /// a verified address that can be a name in audit records. Nobody else is staff.
    #[must_use]
    pub fn staff(&self, claims: &HashMap<String, String>, origin: Origin) -> Option<Staff> {
        let Rules { claims: people, claim, group } = &*self.0;
        claims.get(claim).filter(|given| names(given, group))?;
        let caller = people.caller(claims, origin).ok()?;
        let email = caller.verified_email()?.clone();
        let name = email.written().parse().ok()?;
        Some(Staff { email, name, request_id: caller.origin().request_id.clone() })
    }
}

impl Staff {
    /// Their verified address.
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.email
    }

    /// Their name in audit records, which is their address.
    #[must_use]
    pub const fn name(&self) -> &PersonName {
        &self.name
    }

    /// Id of the request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// True if the claim is the text `group`, or a list that contains it. The gateway writes the list `["a", "b"]` as `[a b]`, so a
/// list with the group `a b` is not distinguishable from one with two groups. A text with several words is never a list.
fn names(claim: &str, group: &str) -> bool {
    match claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(list) => list.split(' ').any(|entry| entry == group),
        None => claim == group,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_is_the_text_or_an_entry_of_the_list() {
        for claim in ["staff", "[staff]", "[staff admins]", "[admins staff]", "[a staff b]"] {
            assert!(names(claim, "staff"), "{claim}");
        }
        for claim in [
            "",
            " ",
            "[]",
            "Staff",
            "staffs",
            "[staffs]",
            "[not-staff]",
            "not staff",
            "staff admins",
            " staff",
            "staff ",
            "staff]",
            "[staff",
            "[[staff]",
            "[a,staff]",
            "[a, staff,b]",
            "\"staff\"",
            "[\"staff\"]",
            "[a\tstaff]",
        ] {
            assert!(!names(claim, "staff"), "{claim}");
        }
    }
}
