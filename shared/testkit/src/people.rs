//! The people in the tests.

use domain::{identity::origin::Origin, ids::UserId};
use identity::{Caller, ClaimRules, StaffRules};
use platform::config::Environment;
use serde_json::{Value, json};

/// Issuer of their tokens.
pub const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_berth";

/// Audience of their tokens.
const AUDIENCE: &str = "berth-dashboard";

/// Claim with the groups of a person.
const STAFF_CLAIM: &str = "cognito:groups";

/// A person with an account.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Subject at the identity provider.
    pub subject: &'static str,
    /// E-mail address.
    pub email: &'static str,
    /// Full name.
    pub name: &'static str,
    /// True if the identity provider has verified the address.
    pub verified: bool,
}

/// Founds workspaces.
pub const ANA: Person = Person { subject: "ana", email: "ana@example.com", name: "Ana", verified: true };
/// Is invited.
pub const BEN: Person = Person { subject: "ben", email: "ben@example.com", name: "Ben", verified: true };
/// Is a stranger.
pub const CLEO: Person = Person { subject: "cleo", email: "cleo@example.com", name: "Cleo", verified: true };

/// Belongs to the operator's staff, and to no workspace.
pub const JANE: Person = Person { subject: "jane", email: "jane@example.com", name: "Jane Doe", verified: true };

impl Person {
    /// Returns the person's user id.
    #[must_use]
    pub fn id(&self) -> UserId {
        UserId::of(ISSUER, self.subject)
    }

    /// Returns the claims of the person's ID token, as the gateway passes them on.
    #[must_use]
    pub fn claims(&self) -> Value {
        json!({
            "iss": ISSUER,
            "sub": self.subject,
            "aud": AUDIENCE,
            "token_use": "id",
            "email": self.email,
            "email_verified": self.verified.to_string(),
            "name": self.name,
        })
    }

    /// Returns the claims of the person's ID token with the group of the operator's staff.
    #[must_use]
    pub fn staff_claims(&self) -> Value {
        let mut claims = self.claims();
        claims[STAFF_CLAIM] = "[staff]".into();
        claims
    }

    /// Returns the person as the sender of a request.
    #[must_use]
    pub fn caller(&self) -> Caller {
        let claims = self.claims();
        let claims = claims.as_object().unwrap().iter();
        let claims = claims.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let origin = Origin { request_id: "test".to_owned(), ip_address: None };
        claim_rules().caller(&claims, origin).unwrap()
    }
}

/// Returns the rules with which the functions read claims in tests.
pub(crate) fn claim_rules() -> ClaimRules {
    ClaimRules::from_environment(&Environment::from_iter([("TOKEN_AUDIENCE", AUDIENCE)])).unwrap()
}

/// Returns the rules with which the console reads claims in tests.
pub(crate) fn staff_rules() -> StaffRules {
    let settings = [("TOKEN_AUDIENCE", AUDIENCE), ("STAFF_CLAIM", STAFF_CLAIM), ("STAFF_GROUP", "staff")];
    StaffRules::from_environment(&Environment::from_iter(settings)).unwrap()
}
