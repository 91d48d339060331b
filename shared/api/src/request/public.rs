//! Requests to the few routes that need no ID token. A token in their path proves what the caller may do.
//!
//! Their bodies and queries are never read, so that they cost nothing.

use crate::{
    answer::Problem,
    body::{FieldErrors, from_texts},
};
use axum::extract::{FromRequestParts, RawPathParams};
use deserr::Deserr;
use http::{StatusCode, request::Parts};

/// A parsed request without a caller.
#[derive(Debug)]
pub struct PublicInput<P> {
    /// Path parameters.
    pub path: P,
}

impl<S: Send + Sync, P: Deserr<FieldErrors> + Send> FromRequestParts<S> for PublicInput<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| {
            Problem::plain(StatusCode::NOT_FOUND, "route_not_found", "the path is not UTF-8".to_owned())
        })?;
        let params: Vec<_> = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let path = from_texts(params).map_err(|found: FieldErrors| Problem::fields(found.in_part("path")))?;
        Ok(Self { path })
    }
}
