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

/// Timeout of the function, from which its deadline is computed.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(29);

/// Message of a function, and its time.
#[derive(Debug)]
pub struct Received {
    /// Time of arrival.
    pub at: Instant,
    /// The message.
    pub message: Message,
}

/// Message of a function.
#[derive(Debug)]
pub enum Message {
    /// It asks for the next event.
    Next,
    /// Its answer.
    Answer(Bytes),
    /// The error of its handler.
    Failure(Bytes),
    /// The error of its start.
    Broken(Bytes),
}

/// Server for one process.
#[derive(Debug)]
pub struct RuntimeApi {
    serving: Serving,
    events: UnboundedSender<Bytes>,
    said: UnboundedReceiver<Received>,
}

struct Inside {
    events: Mutex<UnboundedReceiver<Bytes>>,
    said: UnboundedSender<Received>,
}

impl Inside {
    fn record(&self, what: Message) {
        #[expect(clippy::disallowed_methods, reason = "this is what is measured")]
        let at = Instant::now();
        // The receiver is gone if the process was given up.
        drop(self.said.send(Received { at, message: what }));
    }
}

impl RuntimeApi {
    /// Starts the server.
    ///
    /// # Errors
    /// Returns an error if no port can be bound.
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

    /// Address for the variable `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// Hands out an event to the next request.
    ///
    /// # Errors
    /// Returns an error if the server has ended.
    pub fn hand(&self, event: impl Into<Bytes>) -> Result<()> {
        self.events.send(event.into()).map_err(|_| Error::lacks("the Runtime API", "running server"))
    }

    /// Returns the next message of the function.
    pub async fn receive(&mut self) -> Option<Received> {
        self.said.recv().await
    }
}

async fn next(State(inside): State<Arc<Inside>>) -> std::result::Result<Response<Body>, StatusCode> {
    inside.record(Message::Next);
    let event = inside.events.lock().await.recv().await.ok_or(StatusCode::GONE)?;
    #[expect(clippy::disallowed_methods, reason = "the deadline is real time")]
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
    inside.record(Message::Answer(body));
    StatusCode::ACCEPTED
}

async fn failure(State(inside): State<Arc<Inside>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    inside.record(Message::Failure(body));
    StatusCode::ACCEPTED
}

async fn broken(State(inside): State<Arc<Inside>>, body: Bytes) -> StatusCode {
    inside.record(Message::Broken(body));
    StatusCode::ACCEPTED
}
