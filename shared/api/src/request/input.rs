//! Parses a whole request: the caller, the workspace header, path, query and body. One answer reports all errors, and
//! handlers see only domain types.

use crate::{
    answer::{Problem, etag},
    body::{FieldErrors, Nothing, from_texts},
    entrance::SignedIn,
    serve::MAX_BODY,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
};
use deserr::Deserr;
use domain::{
    command::Expected,
    command::{Fingerprint, IdempotencyKey},
    identity::denied::Denied,
    ids::WorkspaceId,
};
use http::{Extensions, HeaderMap, Method, StatusCode, request::Parts};
use identity::Caller;

/// A parsed request with workspace `W`, path `P`, query `Q` and body `B`. Each is [`Nothing`] if the route has none.
#[derive(Debug)]
pub struct Input<W = Nothing, P = Nothing, Q = Nothing, B = Nothing> {
    /// Caller of the request.
    pub caller: Caller,
    /// Workspace named by the header `X-Workspace-ID`.
    pub workspace: W,
    /// Path parameters.
    pub path: P,
    /// Query parameters.
    pub query: Q,
    /// Parsed body.
    pub body: B,
    /// Fingerprint of the command, if the request has an idempotency key.
    pub command: Option<Fingerprint>,
    /// Versions expected by the header `If-Match`.
    pub expected: Expected,
}

/// A type that a route parses from the header `X-Workspace-ID`.
pub trait FromWorkspaceHeader: Sized + Send {
    /// Parses the header's value, or the lack of a single one.
    ///
    /// # Errors
    /// Description of the error, if the header is missing or invalid.
    fn from_header(value: Result<Option<&str>, ()>) -> Result<Self, String>;

    /// True if the route is about a workspace.
    const IN_WORKSPACE: bool = true;

    /// Returns the workspace that the header names.
    fn id(&self) -> Option<WorkspaceId>;
}

/// Workspace of a route on which the header is optional.
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
    const IN_WORKSPACE: bool = false;

    fn from_header(_: Result<Option<&str>, ()>) -> Result<Self, String> {
        Ok(Self {})
    }

    fn id(&self) -> Option<WorkspaceId> {
        None
    }
}

/// A type that a route parses from its query.
pub trait FromQuery: Sized + Send {
    /// Parses the query. `route` and `tenant` identify the list that a cursor belongs to.
    ///
    /// # Errors
    /// The errors of the query's parameters.
    fn from_query(pairs: Vec<(String, String)>, route: &str, tenant: &str) -> Result<Self, FieldErrors>;
}

/// Ignores the query.
impl FromQuery for Nothing {
    fn from_query(_: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        Ok(Self {})
    }
}

/// A query with exactly these fields.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: Deserr<FieldErrors> + Send> FromQuery for Query<T> {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs).map(Self)
    }
}

/// A type that a route parses from its body.
pub trait FromBody: Sized + Send {
    /// Parses the body. Its valid contents can depend on the unparsed `path` parameters and on the request's
    /// `extensions`.
    ///
    /// # Errors
    /// The errors of the body's fields.
    fn from_body(bytes: &[u8], path: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors>;
}

/// Ignores the body.
impl FromBody for Nothing {
    fn from_body(_: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        Ok(Self {})
    }
}

/// Implements [`FromBody`] for a JSON object whose unknown fields are refused.
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
        let SignedIn(caller) = SignedIn::from_request_parts(&mut parts, state).await?;
        let bytes = whole(&parts, body, state).await?;
        let params = RawPathParams::from_request_parts(&mut parts, state).await.map_err(|_| {
            Problem::plain(StatusCode::NOT_FOUND, "route_not_found", "the path is not UTF-8".to_owned())
        })?;

        let mut errors = FieldErrors::default();
        let header = single(&parts.headers, "x-workspace-id");
        // A key names its workspace itself.
        let keyed = caller.key().map(|key| key.claim.workspace);
        if !W::IN_WORKSPACE {
            caller.require_person()?;
        }
        let named = keyed.map(|workspace| workspace.to_string());
        let header = header.map(|given| given.or(named.as_deref()));
        let workspace = keep(W::from_header(header), |message| errors.push("header", "X-Workspace-ID", message));
        if let (Some(keyed), Some(named)) = (keyed, workspace.as_ref().and_then(W::id))
            && keyed != named
        {
            return Err(Denied::Stranger.into());
        }
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
                    // Programs of one maker do not share their idempotency keys.
                    let presented = caller.key().map(|key| format!("{} {}", key.claim.workspace, key.claim.key));
                    let place = presented.as_deref().or(header.ok().flatten());
                    Fingerprint::of(parts.method.as_str(), parts.uri.path(), place, &key, &bytes)
                });
                let expected = if_match(&parts.headers);
                Ok(Self { caller, workspace, path, query, body, command, expected })
            }
            _ => Err(Problem::fields(errors)),
        }
    }
}

async fn whole<S: Send + Sync>(parts: &Parts, body: axum::body::Body, state: &S) -> Result<Bytes, Problem> {
    let mut request = Request::new(body);
    request.headers_mut().clone_from(&parts.headers);
    // axum's own layer stores the limit in an extension.
    request.extensions_mut().clone_from(&parts.extensions);
    Bytes::from_request(request, state).await.map_err(|_| {
        let detail = format!("the body must have at most {MAX_BODY} bytes");
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })
}

/// Returns the value of the header `name`, or an error if it is repeated or not text. The gateway joins repeated
/// headers with commas; the header's parser then refuses the joined value, or accepts it in the case of an idempotency
/// key.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// Returns the expected versions. A header that comes several times is one list.
fn if_match(headers: &HeaderMap) -> Expected {
    let values: Result<Vec<_>, _> = headers.get_all("if-match").iter().map(|value| value.to_str()).collect();
    match values {
        Ok(values) if values.is_empty() => etag::expected_versions(None),
        Ok(values) => etag::expected_versions(Some(&values.join(","))),
        Err(_) => Expected::OneOf(Vec::new()),
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
