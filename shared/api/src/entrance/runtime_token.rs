//! The entrance of containers: a runtime token in the header `Authorization`. The token also names the workspace.

use super::key::bearer;
use crate::answer::Problem;
use axum::extract::FromRequestParts;
use domain::runtime::token::NotAContainer;
use http::request::Parts;

/// The runtime token of a request, not verified yet.
#[derive(Debug)]
pub struct RuntimeToken(pub String);

impl<S: Sync> FromRequestParts<S> for RuntimeToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        bearer(&parts.headers).map(|token| Self(token.to_owned())).ok_or_else(|| NotAContainer.into())
    }
}
