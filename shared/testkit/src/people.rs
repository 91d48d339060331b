//! The people of the tests.

use domain::{identity::origin::Origin, ids::UserId};
use identity::{Caller, ClaimRules};
use platform::config::Environment;
use serde_json::{Value, json};

/// Who signs their tokens.
pub const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_berth";

/// Whom their tokens are for.
const AUDIENCE: &str = "berth-dashboard";

/// Somebody with an account.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// His subject at the identity provider.
    pub subject: &'static str,
    /// His address.
    pub email: &'static str,
    /// His name.
    pub name: &'static str,
    /// Whether the provider vouches for the address.
    pub verified: bool,
}

/// She founds workspaces.
pub const ANA: Person = Person { subject: "ana", email: "ana@example.com", name: "Ana", verified: true };
/// He is invited.
pub const BEN: Person = Person { subject: "ben", email: "ben@example.com", name: "Ben", verified: true };
/// She is a stranger.
pub const CLEO: Person = Person { subject: "cleo", email: "cleo@example.com", name: "Cleo", verified: true };

impl Person {
    /// His id at Berth.
    #[must_use]
    pub fn id(&self) -> UserId {
        UserId::of(ISSUER, self.subject)
    }

    /// The claims of his ID token, as the gateway hands them on.
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

    /// Themself, as the sender of a request.
    #[must_use]
    pub fn caller(&self) -> Caller {
        let claims = self.claims();
        let claims = claims.as_object().unwrap().iter();
        let claims = claims.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let origin = Origin { request_id: "test".to_owned(), ip_address: None };
        claim_rules().caller(&claims, origin).unwrap()
    }
}

/// The rules by which the tests' functions read claims.
pub(crate) fn claim_rules() -> ClaimRules {
    ClaimRules::from_environment(&Environment::from_iter([("TOKEN_AUDIENCE", AUDIENCE)])).unwrap()
}
