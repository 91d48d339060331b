//! Services that a function calls, on one port of 127.0.0.1: the test world's AWS, the Stripe stand-in below `/v1`, and
//! integration receivers, which are recognized by their host and accept everything.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, Response, StatusCode},
    middleware::{Next, from_fn_with_state},
    serve::ListenerExt,
};
use local::{Error, Result};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use stripe_standin::Standin;
use testkit::World;
use tokio::{net::TcpListener, task::JoinHandle};

/// Server that ends on drop.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves `router` on any free port. Nagle's algorithm is off, because its delays would be measured.
pub(crate) async fn serve(router: Router) -> Result<Serving> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::file("127.0.0.1:0"))?;
    let address = listener.local_addr().map_err(Error::file("127.0.0.1:0"))?;
    let listener = listener.tap_io(|stream| {
        // A closed connection is noticed by its first read.
        drop(stream.set_nodelay(true));
    });
    let task = tokio::spawn(async move {
        // It ends only when its task is aborted.
        drop(axum::serve(listener, router).await);
    });
    Ok(Serving { address, task })
}

/// Call by a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Operation: AWS's `x-amz-target`, or a method and a path.
    pub target: String,
    /// Body of the call; null if it is not JSON.
    pub body: Value,
}

/// The running services.
#[derive(Debug)]
pub struct Loopback {
    serving: Serving,
    calls: Calls,
}

type Calls = Arc<Mutex<Vec<Call>>>;

#[derive(Clone)]
struct Services {
    world: World,
    calls: Calls,
}

impl Loopback {
    /// Serves `world` and `stripe`.
    ///
    /// # Errors
    /// Returns an error if no port can be bound.
    pub async fn serve(world: World, stripe: &Standin) -> Result<Self> {
        let services = Services { world, calls: Calls::default() };
        let calls = Arc::clone(&services.calls);
        let stripe = stripe.router().layer(from_fn_with_state(services.clone(), note));
        let router = Router::new().fallback(answer).with_state(services).merge(stripe);
        Ok(Self { serving: serve(router).await?, calls })
    }

    /// Returns the base URL of all services.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// Takes the calls since the last `calls`.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Services {
    fn note(&self, target: String, body: Value) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call { target, body });
    }
}

/// Records a call to Stripe.
async fn note(State(services): State<Services>, request: Request, next: Next) -> Response<Body> {
    services.note(format!("{} {}", request.method(), request.uri()), Value::Null);
    next.run(request).await
}

/// Answers calls to all other services.
async fn answer(
    State(services): State<Services>,
    method: Method,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header("host").unwrap_or_default();
    if !host.starts_with("127.0.0.1:") {
        services.note(format!("{method} https://{host}{uri}"), Value::Null);
        return respond(StatusCode::OK, "text/plain", "ok".to_owned());
    }
    let target = testkit::target(method.as_str(), uri.path(), header("x-amz-target"));
    let body = testkit::parameters(target, header, &body);
    services.note(target.to_owned(), body.clone());
    let (status, body) = services.world.aws(target, uri.path(), body);
    respond(StatusCode::from_u16(status).unwrap_or_default(), "application/x-amz-json-1.0", body)
}

fn respond(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static(kind));
    response
}
