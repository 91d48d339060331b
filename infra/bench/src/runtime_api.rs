//! The Lambda Runtime API, for one process.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use crate::loopback::{Serving, serve};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp};
use local::{Error, Result};
use std::{net::SocketAddr, sync::Arc, time::Instant};
use tokio::sync::{
    Mutex,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

/// The function's timeout, by which its deadline is told.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(29);

/// What a function says, and when.
#[derive(Debug)]
pub struct Said {
    /// When it was heard.
    pub at: Instant,
    /// What it says.
    pub what: What,
}

/// What a function may say.
#[derive(Debug)]
pub enum What {
    /// It asks for the next event.
    Next,
    /// It answers.
    Answer(Bytes),
    /// Its handler failed.
    Failure(Bytes),
    /// It cannot start.
    Broken(Bytes),
}

/// The server of one process.
#[derive(Debug)]
pub struct RuntimeApi {
    serving: Serving,
    events: UnboundedSender<Bytes>,
    said: UnboundedReceiver<Said>,
}

struct Inside {
    events: Mutex<UnboundedReceiver<Bytes>>,
    said: UnboundedSender<Said>,
}

impl Inside {
    fn hear(&self, what: What) {
        #[expect(clippy::disallowed_methods, reason = "this is what is measured")]
        let at = Instant::now();
        // Nobody listens any more once the process is given up.
        drop(self.said.send(Said { at, what }));
    }
}

impl RuntimeApi {
    /// Listens.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn listen() -> Result<Self> {
        let (events, incoming) = unbounded_channel();
        let (saying, said) = unbounded_channel();
        let inside = Arc::new(Inside { events: Mutex::new(incoming), said: saying });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .route("/2018-06-01/runtime/init/error", post(broken))
            .with_state(inside);
        Ok(Self { serving: serve(router).await?, events, said })
    }

    /// Where: what `AWS_LAMBDA_RUNTIME_API` names.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// Hands out an event to whoever asks next.
    ///
    /// # Errors
    /// If the server is gone.
    pub fn hand(&self, event: impl Into<Bytes>) -> Result<()> {
        self.events.send(event.into()).map_err(|_| Error::lacks("the Runtime API", "server any more"))
    }

    /// What the function says next.
    pub async fn hear(&mut self) -> Option<Said> {
        self.said.recv().await
    }
}

async fn next(State(inside): State<Arc<Inside>>) -> std::result::Result<Response<Body>, StatusCode> {
    inside.hear(What::Next);
    let event = inside.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    #[expect(clippy::disallowed_methods, reason = "Lambda tells the real deadline")]
    let deadline = Timestamp::now() + TIMEOUT;
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        .header("lambda-runtime-deadline-ms", deadline.as_millisecond())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:berth")
        .header("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
        .body(Body::from(event))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn answer(State(inside): State<Arc<Inside>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    inside.hear(What::Answer(body));
    StatusCode::ACCEPTED
}

async fn failure(State(inside): State<Arc<Inside>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    inside.hear(What::Failure(body));
    StatusCode::ACCEPTED
}

async fn broken(State(inside): State<Arc<Inside>>, body: Bytes) -> StatusCode {
    inside.hear(What::Broken(body));
    StatusCode::ACCEPTED
}
