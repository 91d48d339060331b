//! The caller of a request, from the claims that the gateway has verified. This module parses no tokens.

use crate::answer::Problem;
use domain::identity::origin::Origin;
use http::{StatusCode, request::Parts};
use identity::{Caller, ClaimRules};
use lambda_http::request::RequestContext;

/// Builds the caller of the request from its claims, by `rules`.
pub(crate) fn caller(rules: &ClaimRules, parts: &Parts) -> Result<Caller, Problem> {
    let context = match parts.extensions.get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context,
        _ => return Err(unauthenticated("the request did not come through the gateway")),
    };
    let claims = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref()).map(|jwt| &jwt.claims);
    let claims = claims.ok_or_else(|| unauthenticated("the request carries no verified token"))?;
    let origin = Origin {
        request_id: context.request_id.clone().unwrap_or_default(),
        ip_address: context.http.source_ip.clone(),
    };
    rules.caller(claims, origin).map_err(|error| unauthenticated(&error.to_string()))
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::plain(StatusCode::UNAUTHORIZED, "unauthenticated", detail.to_owned())
}
