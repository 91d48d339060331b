//! The entrance of containers: a runtime token in the header `Authorization`. The token also names the workspace.

use crate::answer::Problem;
use axum::extract::FromRequestParts;
use domain::runtime::token::NotAContainer;
use http::{header, request::Parts};

/// The runtime token of a request, not verified yet.
#[derive(Debug)]
pub struct RuntimeToken(pub String);

impl<S: Sync> FromRequestParts<S> for RuntimeToken {
    type Rejection = Problem;

    /// Reads the bearer token. Lambda joins repeated headers, and the result is no valid token.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = given.and_then(|value| value.strip_prefix("Bearer ")).ok_or(NotAContainer)?;
        Ok(Self(token.to_owned()))
    }
}
