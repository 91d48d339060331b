//! Answers of all pages: a redirect, and the pages for missing objects and refusals.

use super::html;
use crate::error::ApiError;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

/// Redirects the browser with a GET.
pub(super) fn see_other(url: &str) -> Response {
    // A URL that no header can carry was refused in the request. The fallback is the overview.
    let location = HeaderValue::from_str(url).unwrap_or(HeaderValue::from_static("/_standin"));
    (StatusCode::SEE_OTHER, [(HeaderName::from_static("location"), location)]).into_response()
}

/// Answers with the page for a missing object.
pub(super) fn not_found(what: &str) -> Response {
    (StatusCode::NOT_FOUND, html::page(what, &format!("<p>There is no such {}.</p>", html::text(what)))).into_response()
}

/// Answers with the page for a refused change.
pub(super) fn refused(error: &ApiError) -> Response {
    let body = format!("<p class=bad>{}</p>", html::text(&error.to_string()));
    (StatusCode::BAD_REQUEST, html::page("The request was refused", &body)).into_response()
}
