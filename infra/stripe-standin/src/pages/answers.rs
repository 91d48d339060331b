//! Answers that all pages give: a redirect, and the pages for what does not exist or is refused.

use super::html;
use crate::error::ApiError;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

/// Sends the browser on, with a GET.
pub(super) fn see_other(url: &str) -> Response {
    // An address that no header can carry was refused when it was given; should one be here, nowhere is the answer.
    let location = HeaderValue::from_str(url).unwrap_or(HeaderValue::from_static("/_standin"));
    (StatusCode::SEE_OTHER, [(HeaderName::from_static("location"), location)]).into_response()
}

/// The page of something that is not there.
pub(super) fn not_found(what: &str) -> Response {
    (StatusCode::NOT_FOUND, html::page(what, &format!("<p>There is no such {}.</p>", html::text(what)))).into_response()
}

/// The page of something that cannot be done.
pub(super) fn refused(error: &ApiError) -> Response {
    let body = format!("<p class=bad>{}</p>", html::text(&error.to_string()));
    (StatusCode::BAD_REQUEST, html::page("That did not work", &body)).into_response()
}
