//! Starts an HTTP function. Whatever the gateway hands on becomes a request: a query, a host or a length that does not fit
//! into a URI would be a panic in `lambda_http`, and so an answer 500 to a client that has made the mistake.

use axum::Router;
use lambda_http::{
    Adapter, Error, LambdaEvent,
    lambda_runtime::{self, service_fn},
    request::LambdaRequest,
    tower::ServiceExt,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What RFC 3986 has percent-encoded in a query, and browsers do.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// The longest path and query that are looked at, in bytes: more than the gateway takes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const MAX_TARGET: usize = 16 * 1024;

/// Serves the events of this function with `router`, until the process ends.
///
/// # Errors
/// If the Runtime API cannot be reached.
pub async fn run(router: Router) -> Result<(), Error> {
    lambda_runtime::run(service_fn(move |event: LambdaEvent<LambdaRequest>| {
        let LambdaEvent { payload, context } = event;
        Adapter::from(router.clone()).oneshot(LambdaEvent { payload: readable(payload), context })
    }))
    .await
}

/// The same event with a path and a query that fit into a URI. One that is longer than [`MAX_TARGET`] matches no route.
pub(crate) fn readable(event: LambdaRequest) -> LambdaRequest {
    match event {
        LambdaRequest::ApiGatewayV2(mut request) => {
            let path = request.raw_path.take().unwrap_or_default();
            let query = request.raw_query_string.take().unwrap_or_default();
            let query = utf8_percent_encode(&query, NOT_IN_QUERY).to_string();
            if path.starts_with('/') && path.len() + query.len() <= MAX_TARGET {
                (request.raw_path, request.raw_query_string) = (Some(path), Some(query));
            } else {
                request.raw_path = Some("/".to_owned());
            }
            // Without a host the URI is the path alone, which the routes go by.
            request.headers.remove(http::header::HOST);
            request.request_context.domain_name = None;
            LambdaRequest::ApiGatewayV2(request)
        }
        // The enum is lambda_http's, with a variant for each of its features.
        other => other,
    }
}
