//! The one place where refusals become HTTP: RFC 9457 problem+json.
//!
//! A refusal's own words are shown; what stands behind it, its sources, goes to the log and nowhere else.

use crate::body::{FieldError, FieldErrors};
use axum::response::{IntoResponse, Response};
use domain::{
    error::{Details, Kind, Refusal},
    identity::access::Role,
    plans::plan::Plan,
    usage::Meter,
};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

/// A refusal on its way to becoming an answer.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    detail: String,
    details: Details,
    errors: Vec<FieldError>,
    cause: Option<String>,
}

/// The body of a refusal, as RFC 9457 has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem: `urn:berth:problem:` and the code.
    r#type: String,
    /// What the status means.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What went wrong, and what to do.
    detail: String,
    /// The id of the request, for those who ask for help.
    instance: String,
    /// A stable name for programs.
    code: &'static str,
    /// What is wrong with which field; at most 20 of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The weakest role that may do this.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_role: Option<Role>,
    /// The meter whose limit was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    meter: Option<Meter>,
    /// The limit that was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    /// What is used of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<u64>,
    /// When its use starts anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_at: Option<Timestamp>,
    /// The next plan with a higher limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade_to: Option<Plan>,
}

impl Problem {
    /// A request whose fields are wrong.
    #[must_use]
    pub fn fields(errors: FieldErrors) -> Self {
        let detail = if errors.is_cut() {
            format!(
                "the request has more than {} fields that cannot be taken; the first are named in errors",
                FieldErrors::MAX
            )
        } else {
            "the request has fields that cannot be taken; each is named in errors".to_owned()
        };
        let mut problem = Self::plain(StatusCode::BAD_REQUEST, "invalid_request", detail);
        problem.0.errors = errors.into_kept();
        problem
    }

    /// A problem that comes from HTTP itself.
    #[must_use]
    pub fn plain(status: StatusCode, code: &'static str, detail: String) -> Self {
        Self(Box::new(Parts { status, code, detail, details: Details::default(), errors: Vec::new(), cause: None }))
    }

    /// What the log is told beyond the answer.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Its code.
    pub(crate) const fn code(&self) -> &'static str {
        self.0.code
    }

    /// The answer, for the request `instance`.
    pub(crate) fn render(self, instance: &str) -> Response {
        let Parts { status, code, detail, details, errors, .. } = *self.0;
        let Details { required_role, meter, limit, used, resets_at, upgrade_to, retry_after } = details;
        let body = ProblemBody {
            r#type: format!("urn:berth:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            instance: instance.to_owned(),
            code,
            errors,
            required_role,
            meter,
            limit,
            used,
            resets_at,
            upgrade_to,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let unavailable = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        if let Some(seconds) = retry_after.or(unavailable) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Absent => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::OverPlan => StatusCode::PAYMENT_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl<E: Refusal> From<E> for Problem {
    fn from(refusal: E) -> Self {
        let sources: Vec<_> =
            std::iter::successors(refusal.source(), |error| (*error).source()).map(ToString::to_string).collect();
        let mut problem = Self::plain(status(refusal.kind()), refusal.code(), refusal.to_string());
        problem.0.details = refusal.details();
        problem.0.cause = Some(sources.join(": ")).filter(|text| !text.is_empty());
        problem
    }
}

/// The status now, the body when the request's id is at hand: see `serve`.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
