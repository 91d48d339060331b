//! The stand-in over HTTP: Stripe's API below `/v1`, its pages, and the controls below `/_standin`. It binds to loopback
//! only, because its controls need no authentication.

use super::controls;
use crate::{
    desk::{Incoming, Reply},
    pages,
    standin::Standin,
    view::API_VERSION,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header},
    routing::any,
};
use std::{io, net::Ipv4Addr};
use tokio::{net::TcpListener, task::JoinHandle};

/// Stand-in that is being served. It stops on drop.
#[derive(Debug)]
pub struct Served {
    standin: Standin,
    url: String,
    tasks: [JoinHandle<()>; 2],
}

impl Served {
    /// Returns the handle of the stand-in.
    #[must_use]
    pub const fn standin(&self) -> &Standin {
        &self.standin
    }

    /// Returns the base URL of the stand-in and of its API, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serves until the process ends.
    pub async fn forever(mut self) {
        let [serving, _] = &mut self.tasks;
        // It ends only with the process.
        let _ = serving.await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Standin {
    /// Returns a router for the caller's own server. Unless `public_url` is set, the URLs of pages are paths, and only
    /// `flush` sends events.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1", any(answer))
            .route("/v1/", any(answer))
            .route("/v1/{*path}", any(answer))
            .merge(pages::routes())
            .merge(controls::routes())
            .with_state(self.clone())
    }

    /// Serves on a port of 127.0.0.1, or on any free one for 0, and delivers events.
    ///
    /// # Errors
    /// Returns an error if the port cannot be bound.
    pub async fn serve(self, port: u16) -> io::Result<Served> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        self.set_public_url(&url);
        let router = self.router();
        let serving = tokio::spawn(async move {
            // It ends only when its task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        let delivering = tokio::spawn(self.clone().deliver_continuously());
        Ok(Served { standin: self, url, tasks: [serving, delivering] })
    }
}

async fn answer(
    State(standin): State<Standin>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let incoming = Incoming {
        method: method.to_string(),
        path: uri.path().to_owned(),
        pairs: query.into_owned().chain(form_urlencoded::parse(&body).into_owned()).collect(),
        authorization: text(header::AUTHORIZATION),
        version: text(HeaderName::from_static("stripe-version")),
        idempotency_key: text(HeaderName::from_static("idempotency-key")),
    };
    respond(standin.answer(incoming).await)
}

/// Adds the headers of Stripe's answers (<https://docs.stripe.com/api/request_ids>,
/// <https://docs.stripe.com/error-low-level#idempotency>).
fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("content-type", "application/json");
    put("cache-control", "no-cache, no-store");
    put("request-id", reply.request.as_str());
    put("stripe-version", API_VERSION);
    if let Some(key) = &reply.idempotency_key {
        put("idempotency-key", key);
    }
    if let Some(original) = &reply.original {
        put("idempotent-replayed", "true");
        put("original-request", original.as_str());
    }
    response
}
