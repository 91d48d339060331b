//! Lists as lines of JSON (NDJSON). Each request returns one page; the header `Link` names the next one.

use super::link;
use crate::request::Pagination;
use axum::response::{IntoResponse, Response};
use http::{Uri, header};
use serde::Serialize;

/// The name of this format that `lambda_http` takes for a text. It would encode the body of another one in base64.
const CONTENT_TYPE: &str = "application/jsonl";

/// Builds the NDJSON answer for a page of values. `uri` is the URI of the request, from which the link to the next page
/// is built.
#[must_use]
pub fn ndjson_response(
    values: impl IntoIterator<Item = impl Serialize>,
    uri: &Uri,
    pagination: &Pagination,
) -> Response {
    // Values of our own do not fail to serialize.
    let lines = values.into_iter().map(|value| serde_json::to_string(&value).unwrap_or_default());
    let text: String = lines.map(|line| line + "\n").collect();
    let mut response = ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response();
    link::add_next(&mut response, uri, pagination);
    response
}
