//! The webhook for Stripe's events: verifies the signature, queues a hint of the event, and answers. It must know neither the
//! table nor the meaning of an event.

mod refusal;

pub use refusal::MAX_BODY;

use api::{Problem, StripeSignature, serve_public};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    routing::post,
};
use domain::billing::stripe::event::Hint;
use platform::ambient::Ambient;
use queue::StripeEvents;
use refusal::WebhookError;
use secrets::WebhookSecret;
use serde::Serialize;

/// The dependencies of the webhook.
#[derive(Debug, Clone)]
pub struct WebhookDeps {
    /// The signing secret of the webhook.
    pub secret: WebhookSecret,
    /// The queue of events.
    pub events: StripeEvents,
    /// The clock.
    pub ambient: Ambient,
}

/// The answer to Stripe, which only checks the status code.
#[derive(Debug, Serialize)]
struct Receipt {
    received: bool,
}

/// The function's router.
pub fn router(deps: WebhookDeps) -> Router {
    serve_public("stripe-webhook", MAX_BODY, Router::new().route("/", post(take)).with_state(deps))
}

/// Verifies the signature of an event, queues it, and answers. Everything else about the event is checked by the queue's
/// consumer.
async fn take(
    State(deps): State<WebhookDeps>,
    StripeSignature(signature): StripeSignature,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Receipt>, Problem> {
    let body = body.map_err(|_| WebhookError::TooLarge)?;
    let verified = deps.secret.verify(&signature, &body, deps.ambient.now()).await;
    verified.map_err(WebhookError::Secret)?.map_err(WebhookError::Signature)?;
    let hint = Hint::parse(&body).map_err(WebhookError::InvalidEvent)?;
    deps.events.send(&hint).await.map_err(WebhookError::Queue)?;
    tracing::info!(function = "stripe-webhook", event = hint.id, event_type = hint.r#type, "event queued");
    Ok(Json(Receipt { received: true }))
}
