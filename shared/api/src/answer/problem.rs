//! Converts refusals to HTTP problem+json (RFC 9457). No other module does.
//!
//! The client sees the refusal's own message. Its sources go to the log only.

use crate::body::{FieldError, FieldErrors};
use axum::response::{IntoResponse, Response};
use domain::{
    error::{Details, Kind, Refusal},
    identity::access::Role,
    identity::ownership::OwnedWorkspace,
    keys::scope::KeyScope,
    plans::names::{MeterName, PlanName},
};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

/// A refusal that has not been rendered yet.
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

/// Body of a refusal (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// URI of the problem type: `urn:berth:problem:` followed by the code.
    r#type: String,
    /// Standard phrase of the HTTP status.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// Cause of the problem, and what to do next.
    detail: String,
    /// Id of the request. Include it when you contact support.
    instance: String,
    /// Stable code for programs.
    code: &'static str,
    /// Invalid fields with their errors; at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Lowest role that may do this.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_role: Option<Role>,
    /// The scope of an API key that allows this; if the request presented a key without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_scope: Option<KeyScope>,
    /// Meter whose limit is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    meter: Option<MeterName>,
    /// Limit that is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    /// Amount of the limit in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<u64>,
    /// Time at which the usage is reset to zero (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_at: Option<Timestamp>,
    /// Next plan with a higher limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade_to: Option<PlanName>,
    /// Workspaces that keep the account from being deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    workspaces: Vec<OwnedWorkspace>,
}

impl Problem {
    /// Builds the problem of a request with invalid fields.
    #[must_use]
    pub fn fields(errors: FieldErrors) -> Self {
        let detail = if errors.is_cut() {
            format!("the request has more than {} invalid fields; the first ones are named in errors", FieldErrors::MAX)
        } else {
            "the request has invalid fields; each is named in errors".to_owned()
        };
        let mut problem = Self::plain(StatusCode::BAD_REQUEST, "invalid_request", detail);
        problem.0.errors = errors.into_kept();
        problem
    }

    /// Builds a problem of the HTTP layer.
    #[must_use]
    pub fn plain(status: StatusCode, code: &'static str, detail: String) -> Self {
        Self(Box::new(Parts { status, code, detail, details: Details::default(), errors: Vec::new(), cause: None }))
    }

    /// Builds the problem of a defect of Berth.
    pub(crate) fn internal() -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on our side".to_owned())
    }

    /// Sources of the refusal, for the log.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Stable code of the problem.
    pub(crate) const fn code(&self) -> &'static str {
        self.0.code
    }

    /// Renders the answer to the request `instance`.
    pub(crate) fn render(self, instance: &str) -> Response {
        let Parts { status, code, detail, details, errors, .. } = *self.0;
        let Details {
            field,
            required_role,
            required_scope,
            meter,
            limit,
            used,
            resets_at,
            upgrade_to,
            retry_after,
            workspaces,
        } = details;
        let refused = field.map(|refused| FieldErrors::one(refused.field, refused.message).into_kept());
        let body = ProblemBody {
            r#type: format!("urn:berth:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            instance: instance.to_owned(),
            code,
            errors: refused.unwrap_or(errors),
            required_role,
            required_scope,
            meter: meter.map(|meter| meter.name),
            limit,
            used,
            resets_at,
            upgrade_to,
            workspaces,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
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
        Kind::KeyReused | Kind::Incomplete => StatusCode::UNPROCESSABLE_ENTITY,
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

/// Sets only the status. `serve` renders the body, because it knows the request id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
