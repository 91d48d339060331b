//! The entrance of the operator's staff: the claims of an ID token that the gateway has verified, with the group of the staff.
//!
//! To everybody else there is no route: whatever they send, they get the answer of a route that does not exist.

use crate::answer::Problem;
use axum::extract::FromRequestParts;
use domain::identity::origin::Origin;
use http::request::Parts;
use identity::{Staff, StaffRules};
use lambda_http::request::RequestContext;

/// The person of the staff who sent a request. The router admits nobody else, before it examines anything of the request.
#[derive(Debug, Clone)]
pub struct StaffCaller(pub Staff);

impl StaffCaller {
    /// Returns the person whom the claims of a request identify; `None` if they are not of the staff.
    pub(crate) fn of(context: Option<&RequestContext>, rules: &StaffRules) -> Option<Self> {
        let Some(RequestContext::ApiGatewayV2(context)) = context else { return None };
        let origin = Origin {
            request_id: context.request_id.clone().unwrap_or_default(),
            ip_address: context.http.source_ip.clone(),
        };
        let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
        rules.staff(claims, origin).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for StaffCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}
