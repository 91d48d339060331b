//! The caller, from the claims of the ID token that the gateway has verified. No token is parsed here.

use crate::answer::Problem;
use domain::{
    identity::scope::{Caller, Origin},
    ids::UserId,
    text::PersonName,
};
use http::{StatusCode, request::Parts};
use lambda_http::request::RequestContext;
use platform::config::{ConfigError, Environment};
use std::{collections::HashMap, sync::Arc};

/// Which claims say what: providers differ.
#[derive(Debug, Clone)]
pub struct ClaimRules(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    audience: String,
    email: String,
    email_verified: String,
    name: String,
}

/// The environment variables that [`ClaimRules::from_environment`] reads.
pub const CLAIM_RULES_VARIABLES: [&str; 4] = ["TOKEN_AUDIENCE", "CLAIM_EMAIL", "CLAIM_EMAIL_VERIFIED", "CLAIM_NAME"];

impl ClaimRules {
    /// The rules that the deployment sets; all but the audience have the names of OpenID Connect Core 1.0, section 5.1.
    ///
    /// # Errors
    /// [`ConfigError`] without an audience.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let named = |variable, usual: &str| environment.optional(variable).unwrap_or_else(|| usual.to_owned());
        Ok(Self(Arc::new(Rules {
            audience: environment.required("TOKEN_AUDIENCE")?,
            email: named("CLAIM_EMAIL", "email"),
            email_verified: named("CLAIM_EMAIL_VERIFIED", "email_verified"),
            name: named("CLAIM_NAME", "name"),
        })))
    }

    /// Who sent the request.
    ///
    /// The gateway takes every token that its issuer signed for the audience, so also a Cognito access token, which
    /// names no address and is made for other uses: `token_use` tells them apart where there is one, and a token for the
    /// audience has it in `aud`, an access token only in `client_id`.
    pub(crate) fn caller(&self, parts: &Parts) -> Result<Caller, Problem> {
        let Rules { audience, email, email_verified, name } = &*self.0;
        let context = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context,
            _ => return Err(unauthenticated("the request did not come through the gateway")),
        };
        let claims = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref()).map(|jwt| &jwt.claims);
        let claims = claims.ok_or_else(|| unauthenticated("the request carries no verified token"))?;
        let id_token = claims.get("token_use").is_none_or(|kind| kind == "id");
        if !id_token || !claims.get("aud").is_some_and(|given| lists(given, audience)) {
            return Err(unauthenticated("send the ID token of this service's sign-in, not an access token"));
        }
        let (Some(issuer), Some(subject)) = (named(claims, "iss"), named(claims, "sub")) else {
            return Err(unauthenticated("the token names no issuer or no subject"));
        };
        let origin = Origin {
            request_id: context.request_id.clone().unwrap_or_default(),
            ip_address: context.http.source_ip.clone(),
        };
        Ok(Caller::new(
            UserId::of(issuer, subject),
            named(claims, email).and_then(|email| email.parse().ok()),
            named(claims, email_verified) == Some("true"),
            named(claims, name).and_then(PersonName::from_claim),
            origin,
        ))
    }
}

fn named<'a>(claims: &'a HashMap<String, String>, name: &str) -> Option<&'a str> {
    claims.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// Whether the claim is `wanted`, or a list with it; the gateway writes the list `["a", "b"]` as `[a b]`.
fn lists(claim: &str, wanted: &str) -> bool {
    let list = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    claim == wanted || list.is_some_and(|list| list.split([' ', ',']).any(|entry| entry == wanted))
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::plain(StatusCode::UNAUTHORIZED, "unauthenticated", detail.to_owned())
}
