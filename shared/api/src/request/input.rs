//! A request, parsed whole: the caller, the workspace header, path, query and body. What is wrong with any of them is
//! told in one answer, and a handler sees values of the domain only.

use super::caller;
use crate::{
    answer::{Problem, etag},
    body::{FieldErrors, Nothing, from_texts},
    serve::MAX_BODY,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
};
use deserr::Deserr;
use domain::{
    command::{Fingerprint, IdempotencyKey},
    ids::WorkspaceId,
    workspace::head::Expected,
};
use http::{Extensions, HeaderMap, Method, StatusCode, request::Parts};
use identity::{Caller, ClaimRules};

/// A parsed request: `W` is its workspace, `P` its path, `Q` its query and `B` its body, each [`Nothing`] where the route
/// has none.
#[derive(Debug)]
pub struct Input<W = Nothing, P = Nothing, Q = Nothing, B = Nothing> {
    /// Who sent it.
    pub caller: Caller,
    /// The workspace that its header names.
    pub workspace: W,
    /// The parameters in its path.
    pub path: P,
    /// The parameters in its query.
    pub query: Q,
    /// Its body.
    pub body: B,
    /// What it stands for, if it is a command under an idempotency key.
    pub command: Option<Fingerprint>,
    /// The version that its `If-Match` header expects.
    pub expected: Expected,
}

/// What a route takes from the header `X-Workspace-ID`.
pub trait FromWorkspaceHeader: Sized + Send {
    /// Reads the header's value, if it has exactly one.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_header(value: Result<Option<&str>, ()>) -> Result<Self, String>;

    /// The workspace that it names.
    fn id(&self) -> Option<WorkspaceId>;
}

/// The workspace of a route on which the header may be left out.
#[derive(Debug, Clone, Copy)]
pub struct AnyWorkspace(pub Option<WorkspaceId>);

impl FromWorkspaceHeader for WorkspaceId {
    fn from_header(value: Result<Option<&str>, ()>) -> Result<Self, String> {
        match value {
            Ok(Some(text)) => text.parse().map_err(|_| format!("must be exactly one id of the form {}…", Self::PREFIX)),
            Ok(None) => Err("is missing; it names the workspace".to_owned()),
            Err(()) => Err(format!("must be exactly one id of the form {}…", Self::PREFIX)),
        }
    }

    fn id(&self) -> Option<WorkspaceId> {
        Some(*self)
    }
}

impl FromWorkspaceHeader for AnyWorkspace {
    fn from_header(value: Result<Option<&str>, ()>) -> Result<Self, String> {
        match value {
            Ok(None) => Ok(Self(None)),
            given => WorkspaceId::from_header(given).map(|id| Self(Some(id))),
        }
    }

    fn id(&self) -> Option<WorkspaceId> {
        self.0
    }
}

impl FromWorkspaceHeader for Nothing {
    fn from_header(_: Result<Option<&str>, ()>) -> Result<Self, String> {
        Ok(Self {})
    }

    fn id(&self) -> Option<WorkspaceId> {
        None
    }
}

/// What a route takes from its query.
pub trait FromQuery: Sized + Send {
    /// Reads it; `route` and `tenant` tell which list it would be of.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_query(pairs: Vec<(String, String)>, route: &str, tenant: &str) -> Result<Self, FieldErrors>;
}

/// A query that a route does not ask for is not looked at.
impl FromQuery for Nothing {
    fn from_query(_: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        Ok(Self {})
    }
}

/// A query with these fields and no others.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: Deserr<FieldErrors> + Send> FromQuery for Query<T> {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs).map(Self)
    }
}

/// What a route takes from its body.
pub trait FromBody: Sized + Send {
    /// Reads it. What a body may hold can depend on the parameters of the `path`, which are unparsed, and on what the router has
    /// put into the request's `extensions`.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_body(bytes: &[u8], path: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors>;
}

/// A body that a route does not ask for is not looked at.
impl FromBody for Nothing {
    fn from_body(_: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        Ok(Self {})
    }
}

/// Marks a type as a body: a JSON object whose unknown fields are refused.
#[macro_export]
macro_rules! json_body {
    ($name:ty) => {
        impl $crate::FromBody for $name {
            fn from_body(
                bytes: &[u8],
                _: &[(String, String)],
                _: &$crate::Extensions,
            ) -> Result<Self, $crate::FieldErrors> {
                $crate::from_json(bytes)
            }
        }
    };
}

impl<S, W, P, Q, B> FromRequest<S> for Input<W, P, Q, B>
where
    S: Send + Sync,
    W: FromWorkspaceHeader,
    P: Deserr<FieldErrors> + Send,
    Q: FromQuery,
    B: FromBody,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = caller_of(&parts)?;
        let bytes = whole(&parts, body, state).await?;
        let params = RawPathParams::from_request_parts(&mut parts, state).await.map_err(|_| {
            Problem::plain(StatusCode::NOT_FOUND, "route_not_found", "the path is not UTF-8".to_owned())
        })?;

        let mut errors = FieldErrors::default();
        let header = single(&parts.headers, "x-workspace-id");
        let workspace = keep(W::from_header(header), |message| errors.push("header", "X-Workspace-ID", message));
        let key = keep(idempotency_key(&parts), |message| errors.push("header", "Idempotency-Key", message));
        let params: Vec<_> = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = B::from_body(&bytes, &params, &parts.extensions);
        let path = keep(from_texts(params), |found: FieldErrors| errors.absorb(found.in_part("path")));
        let tenant = format!(
            "{} {}",
            caller.user(),
            workspace.as_ref().and_then(W::id).map_or_else(String::new, |id| id.to_string())
        );
        let query = Q::from_query(query_pairs(&parts), parts.uri.path(), &tenant);
        let query = keep(query, |found| errors.absorb(found.in_part("query")));
        let body = keep(body, |found| errors.absorb(found.in_part("body")));

        match (workspace, key, path, query, body) {
            (Some(workspace), Some(key), Some(path), Some(query), Some(body)) => {
                let command = key.map(|key| {
                    Fingerprint::of(parts.method.as_str(), parts.uri.path(), header.ok().flatten(), &key, &bytes)
                });
                let expected = single(&parts.headers, "if-match").map_or(Expected::Unknown, etag::expected);
                Ok(Self { caller, workspace, path, query, body, command, expected })
            }
            _ => Err(Problem::fields(errors)),
        }
    }
}

fn caller_of(parts: &Parts) -> Result<Caller, Problem> {
    let rules = parts.extensions.get::<ClaimRules>().ok_or_else(|| {
        Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on our side".to_owned())
    })?;
    caller::caller(rules, parts)
}

async fn whole<S: Send + Sync>(parts: &Parts, body: axum::body::Body, state: &S) -> Result<Bytes, Problem> {
    let mut request = Request::new(body);
    request.headers_mut().clone_from(&parts.headers);
    // The limit stands in an extension that axum's own layer has put there.
    request.extensions_mut().clone_from(&parts.extensions);
    Bytes::from_request(request, state).await.map_err(|_| {
        let detail = format!("the body must have at most {MAX_BODY} bytes");
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })
}

/// The value of the header `name`; an error if it comes twice or is not text. The gateway joins repeated headers with
/// commas: then it is one value, which its parser refuses or, for an idempotency key, takes as it is.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

fn idempotency_key(parts: &Parts) -> Result<Option<IdempotencyKey>, String> {
    if parts.method != Method::POST {
        return Ok(None);
    }
    match single(&parts.headers, "idempotency-key") {
        Ok(value) => value.map(str::parse).transpose().map_err(|error: domain::command::InvalidKey| error.to_string()),
        Err(()) => Err("must come once, in ASCII".to_owned()),
    }
}

fn query_pairs(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).into_owned().collect()
}

fn keep<T, E>(result: Result<T, E>, wrong: impl FnOnce(E)) -> Option<T> {
    result.map_err(wrong).ok()
}
