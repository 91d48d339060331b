//! The parts that all HTTP functions share: the base path, the limit on bodies, problem bodies, headers, and one log
//! line per request.

use super::{
    answer::Problem,
    entrance::{ByKey, StaffCaller, bearer},
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use domain::{
    ids::WorkspaceId,
    keys::usage::{RateReport, RateState},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use identity::{ClaimRules, StaffRules};
use jiff::Timestamp;
use lambda_http::{request::RequestContext, tower::ServiceExt};
use platform::{
    ambient,
    telemetry::{self, Usage},
};
use std::time::Instant;

/// Prefix of all paths.
pub const BASE_PATH: &str = "/api/v1";

/// Prefix of the paths of programs, which present API keys. They have the same routes.
pub const KEY_PATH: &str = "/v1";

/// Maximum length of a body in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Content security policy of answers that are no pages: a browser that shows one runs and loads nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Builds the router of `function` around its `routes`, which are for authenticated users and their programs.
pub fn serve(function: &'static str, rules: ClaimRules, routes: Router) -> Router {
    serve_also(function, rules, routes, Router::new())
}

/// Like [`serve`], for a function that also has its own URL, whose routes are `own` and authenticate their callers themselves.
pub fn serve_also(function: &'static str, rules: ClaimRules, routes: Router, own: Router) -> Router {
    let by_key = routes.clone().layer(Extension(ByKey));
    let routes = own.nest(BASE_PATH, routes).nest(KEY_PATH, by_key);
    around(function, MAX_BODY, Some(rules), routes.fallback(no_route).method_not_allowed_fallback(no_route))
}

/// Builds the router of `function` around its `routes`, which are for the operator's staff only. Anybody else gets the answer
/// of a route that does not exist, before the path, the method or the body is examined. No API key opens them.
pub fn serve_staff(function: &'static str, rules: StaffRules, routes: Router) -> Router {
    let around = |routes: Router| around(function, MAX_BODY, Some(rules.claims().clone()), routes.fallback(no_route));
    let nothing = around(Router::new());
    let routes = Router::new().nest(BASE_PATH, routes).method_not_allowed_fallback(no_route);
    // The guard is outside of the router: one inside adds the header `Allow` to what it answers to another method.
    let routes = Router::new().fallback_service(around(routes));
    routes.layer(from_fn(move |request, next| admit(function, rules.clone(), nothing.clone(), request, next)))
}

/// Passes a request of the staff on, and logs whose it is. Others are answered by `nothing`, a router without routes.
async fn admit(
    function: &'static str,
    rules: StaffRules,
    nothing: Router,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(staff) = StaffCaller::of(request.extensions().get(), &rules) else {
        return nothing.oneshot(request).await.into_response();
    };
    let (user, request_id) = (staff.0.user(), staff.0.request_id());
    tracing::info!(function, staff = %staff.0.name(), %user, request_id, "staff");
    request.extensions_mut().insert(staff);
    next.run(request).await
}

/// Builds the router of `function`, which has its own URL and accepts bodies of up to `max_body` bytes. The `routes`
/// authenticate their callers themselves.
pub fn serve_public(function: &'static str, max_body: usize, routes: Router) -> Router {
    around(function, max_body, None, routes.fallback(no_route).method_not_allowed_fallback(no_method))
}

fn around(function: &'static str, max_body: usize, rules: Option<ClaimRules>, routes: Router) -> Router {
    // The layer is inside the routes, where the matched path is known. The fallback has its own layer.
    let line = from_fn(move |mut request: Request, next| {
        if let Some(rules) = &rules {
            request.extensions_mut().insert(rules.clone());
        }
        respond(function, request, next)
    });
    routes.layer((DefaultBodyLimit::max(max_body), line))
}

async fn no_route() -> Problem {
    Problem::plain(StatusCode::NOT_FOUND, "route_not_found", "there is no route with this path and method".to_owned())
}

async fn no_method() -> Problem {
    let detail = "the path does not support this method; the header Allow lists the supported ones".to_owned();
    Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// Answers `request` and logs one line. The line contains neither path nor query, because a path may contain an
/// invitation's token.
async fn respond(function: &'static str, mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "a duration for the log, which decides nothing")]
    let started = Instant::now();
    let line = Line::of(&request);
    let rate = RateReport::default();
    request.extensions_mut().insert(rate.clone());
    let (mut response, usage) = telemetry::measure(next.run(request)).await;
    let problem = response.extensions_mut().remove::<Problem>();
    let cause = problem.as_ref().and_then(Problem::cause).map(ToOwned::to_owned);
    let code = problem.as_ref().map(Problem::code);
    let mut response = match problem {
        Some(problem) => problem.render(&line.request_id),
        None => response,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A page has a policy of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if let Some(date) = ambient::date_header().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    if let Some(state) = rate.get() {
        report_rate(response.headers_mut(), state);
    }
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Line { method, route, workspace, key, request_id } = line;
    let Usage { round_trips, requests, capacity } = usage;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                function, %method, route, workspace, key, request_id, status, code, duration_ms, round_trips, requests,
                capacity, cause, "request"
            )
        };
    }
    if status >= 500 {
        // Lambda counts this as a success, so its own alarms would not report it.
        #[expect(clippy::disallowed_methods, reason = "a time for the metric, which decides nothing")]
        telemetry::emit_count(function, "ServerErrors", 1, Timestamp::now());
        line!(error)
    } else {
        line!(info)
    }
    response
}

/// Reports the rate of an API key, as the draft of the IETF names the headers.
/// <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-07>
fn report_rate(headers: &mut HeaderMap, RateState { limit, remaining, resets_in }: RateState) {
    headers.insert("ratelimit-limit", HeaderValue::from(limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(resets_in));
}

/// Data of the log line about a request.
struct Line {
    method: Method,
    route: String,
    workspace: Option<String>,
    key: Option<String>,
    request_id: String,
}

impl Line {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        // Neither the header nor the key is verified. They say whose request it claims to be.
        let rules = request.extensions().get::<ClaimRules>();
        let claim = rules.and_then(|rules| rules.key(bearer(request.headers())?).ok());
        let workspace = request.headers().get("x-workspace-id").and_then(|value| value.to_str().ok());
        let request_id = match request.extensions().get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
            _ => None,
        };
        Self {
            method: request.method().clone(),
            route: route.to_owned(),
            // A header can contain anything, so only valid ids are logged.
            workspace: workspace
                .and_then(|id| id.parse::<WorkspaceId>().ok())
                .or(claim.map(|claim| claim.workspace))
                .map(|id| id.to_string()),
            key: claim.map(|claim| claim.key.to_string()),
            request_id: request_id.unwrap_or_default(),
        }
    }
}
