//! The entrance of people: the claims of an ID token that the gateway has verified. This module parses no ID tokens.

use super::key::{self, ByKey};
use crate::answer::Problem;
use axum::extract::FromRequestParts;
use domain::identity::origin::Origin;
use http::{StatusCode, request::Parts};
use identity::{Caller, ClaimRules};
use lambda_http::request::RequestContext;

/// The caller whose ID token the gateway has verified, or whose API key the request presents, by the [`ClaimRules`] that the router attaches to the request.
#[derive(Debug)]
pub(crate) struct SignedIn(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let rules = parts.extensions.get::<ClaimRules>().ok_or_else(Problem::internal)?;
        let context = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context,
            _ => return Err(unauthenticated("the request did not come through the gateway")),
        };
        key::refuse_in_query(parts, rules.key_prefix())?;
        let origin = Origin {
            request_id: context.request_id.clone().unwrap_or_default(),
            ip_address: context.http.source_ip.clone(),
        };
        if parts.extensions.get::<ByKey>().is_some() {
            return key::presented(parts, rules, origin).map(Self);
        }
        let claims = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref()).map(|jwt| &jwt.claims);
        let claims = claims.ok_or_else(|| unauthenticated("the request carries no verified token"))?;
        rules.caller(claims, origin).map(Self).map_err(|error| unauthenticated(&error.to_string()))
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::plain(StatusCode::UNAUTHORIZED, "unauthenticated", detail.to_owned())
}
