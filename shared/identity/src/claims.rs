//! The caller, from the claims of the ID token that the gateway has verified. No token is parsed here.

use crate::Caller;
use domain::{
    email::Email,
    identity::{origin::Origin, person::Person},
    ids::UserId,
    keys::secret::{KeyClaim, KeyPrefix, NotAKey},
    text::PersonName,
};
use jiff::Timestamp;
use platform::config::{ConfigError, Environment};
use std::{collections::HashMap, sync::Arc};

/// Names of the claims, which differ between identity providers.
#[derive(Debug, Clone)]
pub struct ClaimRules(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    audience: String,
    email: String,
    email_verified: String,
    name: String,
    prefix: KeyPrefix,
}

/// Environment variables read by [`ClaimRules::from_environment`].
pub const CLAIM_RULES_VARIABLES: [&str; 5] =
    ["TOKEN_AUDIENCE", "CLAIM_EMAIL", "CLAIM_EMAIL_VERIFIED", "CLAIM_NAME", "API_KEY_PREFIX"];

impl ClaimRules {
    /// Reads the rules of the deployment. All names have the defaults of OpenID Connect Core 1.0, section 5.1; the
    /// audience has no default.
    ///
    /// # Errors
    /// [`ConfigError`] if no audience is set, or the prefix of API keys is not usable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let named = |variable, usual: &str| environment.optional(variable).unwrap_or_else(|| usual.to_owned());
        Ok(Self(Arc::new(Rules {
            audience: environment.required("TOKEN_AUDIENCE")?,
            email: named("CLAIM_EMAIL", "email"),
            email_verified: named("CLAIM_EMAIL_VERIFIED", "email_verified"),
            name: named("CLAIM_NAME", "name"),
            prefix: environment.parsed_if_set("API_KEY_PREFIX")?.unwrap_or_else(KeyPrefix::usual),
        })))
    }

    /// The beginning of the deployment's API keys.
    #[must_use]
    pub fn key_prefix(&self) -> &KeyPrefix {
        &self.0.prefix
    }

    /// Parses the API key `token`.
    ///
    /// # Errors
    /// [`NotAKey`] unless it has the form of one.
    pub fn key(&self, token: &str) -> Result<KeyClaim, NotAKey> {
        KeyClaim::parse(token, &self.0.prefix)
    }

    /// Returns the caller identified by the `claims` of a verified token.
    ///
    /// The gateway accepts every token that its issuer signed for the audience. That includes Cognito access tokens,
    /// which have no address and serve other uses. They are refused by `token_use`, if it is present, and by the
    /// audience: an ID token has it in `aud`, an access token only in `client_id`.
    ///
    /// # Errors
    /// [`Unauthenticated`] if the token is not an ID token for this audience, or identifies nobody.
    pub fn caller(&self, claims: &HashMap<String, String>, origin: Origin) -> Result<Caller, Unauthenticated> {
        let Rules { audience, email, email_verified, name, .. } = &*self.0;
        let id_token = claims.get("token_use").is_none_or(|kind| kind == "id");
        if !id_token || !claims.get("aud").is_some_and(|given| lists(given, audience)) {
            return Err(Unauthenticated::NoIdToken);
        }
        let (Some(issuer), Some(subject)) = (named(claims, "iss"), named(claims, "sub")) else {
            return Err(Unauthenticated::Nameless);
        };
        let claimed = named(claims, name).map(str::trim).filter(|name| !name.is_empty());
        let (name, name_problem) = match claimed.map(str::parse::<PersonName>).transpose() {
            Ok(name) => (name, None),
            // They can sign in all the same: their address is shown until they set a name.
            Err(problem) => (None, Some(problem)),
        };
        let person = Person {
            id: UserId::of(issuer, subject),
            email: named(claims, email).and_then(|email| Email::known(email).ok()),
            email_verified: named(claims, email_verified) == Some("true"),
            name,
            name_problem,
        };
        let time = |claim| named(claims, claim).and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
        Ok(Caller { person, origin, issued_at: time("iat"), expires_at: time("exp"), key: None })
    }
}

/// The claims identify no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unauthenticated {
    /// The token is not an ID token for this audience.
    #[error("the token is not an ID token for this service; send the ID token from signing in, not an access token")]
    NoIdToken,
    /// The token has no issuer or no subject.
    #[error("the token has no issuer or no subject; sign in again")]
    Nameless,
}

fn named<'a>(claims: &'a HashMap<String, String>, name: &str) -> Option<&'a str> {
    claims.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// True if the claim is `wanted`, or a list that contains it. The gateway writes the list `["a", "b"]` as `[a b]`.
fn lists(claim: &str, wanted: &str) -> bool {
    let list = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    claim == wanted || list.is_some_and(|list| list.split([' ', ',']).any(|entry| entry == wanted))
}
