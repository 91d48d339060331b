//! The operator's staff: people whose ID token has a group in a claim, and an address that is verified.

use crate::ClaimRules;
use domain::{email::Email, identity::origin::Origin, ids::UserId, text::PersonName};
use platform::config::{ConfigError, Environment};
use std::{collections::HashMap, sync::Arc};

/// The rules by which claims prove that a person belongs to the staff.
#[derive(Debug, Clone)]
pub struct StaffRules(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    claims: ClaimRules,
    claim: String,
    /// The group; `None` if nobody is staff.
    group: Option<String>,
}

/// A person of the operator's staff. Only [`StaffRules`] creates one.
#[derive(Debug, Clone)]
pub struct Staff {
    user: UserId,
    email: Email,
    name: PersonName,
    request_id: String,
}

impl StaffRules {
    /// Reads the rules of the deployment: those of ID tokens, and the claim and the group of the staff. Without a group nobody is
    /// staff.
    ///
    /// # Errors
    /// [`ConfigError`] if the audience or the claim is not set.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self(Arc::new(Rules {
            claims: ClaimRules::from_environment(environment)?,
            claim: environment.required("STAFF_CLAIM")?,
            group: environment.optional("STAFF_GROUP"),
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
        let group = group.as_deref()?;
        claims.get(claim).filter(|given| names(given, group))?;
        let caller = people.caller(claims, origin).ok()?;
        let email = caller.verified_email()?.clone();
        let name = email.written().parse().ok()?;
        Some(Staff { user: caller.user(), email, name, request_id: caller.origin().request_id.clone() })
    }
}

impl Staff {
    /// Their id, which stays the same when their address changes.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

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
    fn without_a_group_nobody_is_staff() {
        let claims = [
            ("iss", "https://id.example.com"),
            ("sub", "jane"),
            ("aud", "dashboard"),
            ("token_use", "id"),
            ("email", "jane@example.com"),
            ("email_verified", "true"),
            ("groups", ""),
        ];
        let admitted = |given: &str, group: &str| {
            let settings = [("TOKEN_AUDIENCE", "dashboard"), ("STAFF_CLAIM", "groups"), ("STAFF_GROUP", group)];
            let rules = StaffRules::from_environment(&Environment::from_iter(settings)).unwrap();
            let mut claims: HashMap<_, _> = claims.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            claims.insert("groups".to_owned(), given.to_owned());
            let origin = Origin { request_id: String::new(), ip_address: None };
            rules.staff(&claims, origin).is_some()
        };
        assert!(admitted("staff", "staff") && admitted("[staff]", "staff"));
        assert!(!["", "[]", "[ ]", "staff", "[staff]"].iter().any(|given| admitted(given, "")));
    }

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
