//! Starts an HTTP function. Normalizes events of the gateway first: a query, a host or a length that does not fit into
//! a URI would make `lambda_http` panic, and the client would get status 500 for its own mistake.

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use lambda_http::{
    Adapter, Context, Error, LambdaEvent,
    lambda_runtime::{self, service_fn},
    request::LambdaRequest,
    tower::ServiceExt,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Characters to percent-encode in a query (RFC 3986); browsers encode the same.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// Maximum length of path and query in bytes. The gateway accepts less.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const MAX_TARGET: usize = 16 * 1024;

/// Serves the function's events with `router` until the process ends.
///
/// # Errors
/// [`Error`] if the Runtime API cannot be reached.
pub async fn run(router: Router) -> Result<(), Error> {
    lambda_runtime::run(service_fn(move |event: LambdaEvent<LambdaRequest>| {
        let LambdaEvent { payload, context } = event;
        Adapter::from(router.clone()).oneshot(LambdaEvent { payload: normalized(payload), context })
    }))
    .await
}

/// Returns the time at which `reserve` is left until the deadline of the invocation, as Lambda's clock has it.
#[must_use]
pub fn time_limit(context: &Context, reserve: SignedDuration) -> Timestamp {
    let deadline = i64::try_from(context.deadline).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    deadline.and_then(|deadline| deadline.saturating_sub(reserve).ok()).unwrap_or(Timestamp::MIN)
}

/// Returns the event with a path and a query that fit into a URI. A target longer than [`MAX_TARGET`] is replaced by
/// one that matches no route.
#[must_use]
pub fn normalized(event: LambdaRequest) -> LambdaRequest {
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
            // Routes match the path only, so the host is removed.
            request.headers.remove(http::header::HOST);
            request.request_context.domain_name = None;
            LambdaRequest::ApiGatewayV2(request)
        }
        // The enum belongs to lambda_http and has a variant for each of its features.
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::RawQuery;
    use testkit::{Request, World};

    /// Sends `request` to a router whose only route answers with its query.
    async fn asked(request: Request) -> String {
        let route = async |RawQuery(query): RawQuery| query.unwrap_or_default();
        let router = Router::new().route("/api/v1/{id}", axum::routing::get(route));
        let answer = World::default().send(&router, request).await;
        format!("{} {}", answer.status.as_u16(), answer.body)
    }

    #[tokio::test]
    async fn invalid_uri_becomes_a_valid_request() {
        assert_eq!(asked(Request::new("GET", "/x?a=1&b=%22")).await, r#"200 "a=1&b=%22""#);
        assert_eq!(asked(Request::new("GET", "/x?a=\"<é># \u{7f}")).await, r#"200 "a=%22%3C%C3%A9%3E%23%20%7F""#);
        assert_eq!(asked(Request::new("GET", "/\"<é># \0`^|")).await, "200 null");
        for host in ["", "a b", "[", "a:b", "é"] {
            assert_eq!(asked(Request::new("GET", "/x").header("host", host)).await, "200 null", "{host}");
        }
        assert_eq!(asked(Request::new("GET", "/x").to("GET", ":x")).await, "404 null");
    }

    #[tokio::test]
    async fn target_length_is_limited() {
        let long = |bytes: usize| Request::new("GET", &format!("/x?{}", "a".repeat(bytes)));
        let path = "/api/v1/x".len();
        assert!(asked(long(MAX_TARGET - path)).await.starts_with("200"));
        assert_eq!(asked(long(MAX_TARGET - path + 1)).await, "404 null");
        assert_eq!(asked(long(100_000)).await, "404 null");
    }
}
