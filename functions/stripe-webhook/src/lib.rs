//! What Stripe calls when something has happened: it verifies that Stripe has sent the event, queues a hint of it, and
//! answers. It knows neither the table nor what an event means.

mod refusal;

pub use refusal::MAX_BODY;

use api::{Problem, serve_url};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    routing::post,
};
use domain::billing::stripe::event::Hint;
use http::HeaderMap;
use platform::ambient::Ambient;
use queue::StripeEvents;
use refusal::Refused;
use secrets::WebhookSecret;
use serde::Serialize;

/// What it takes to take an event.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// What Stripe signs with.
    pub secret: WebhookSecret,
    /// Where events go.
    pub events: StripeEvents,
    /// The time.
    pub ambient: Ambient,
}

/// What Stripe is told. It looks at the status only.
#[derive(Debug, Serialize)]
struct Receipt {
    received: bool,
}

/// The function's router.
pub fn router(webhook: Webhook) -> Router {
    serve_url("stripe-webhook", MAX_BODY, Router::new().route("/", post(take)).with_state(webhook))
}

/// Takes an event. It is answered once it is queued; everything else but its signature is looked at behind the queue.
async fn take(
    State(webhook): State<Webhook>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Receipt>, Problem> {
    let body = body.map_err(|_| Refused::TooLarge)?;
    let verified = webhook.secret.verify(signature(&headers), &body, webhook.ambient.now()).await;
    verified.map_err(Refused::Secret)?.map_err(Refused::Signature)?;
    let hint = Hint::parse(&body).map_err(Refused::NoEvent)?;
    webhook.events.send(&hint).await.map_err(Refused::Queue)?;
    tracing::info!(function = "stripe-webhook", event = hint.id, event_type = hint.r#type, "queued");
    Ok(Json(Receipt { received: true }))
}

/// The signature's header; Lambda joins one that comes twice. One that is not text is as good as none.
fn signature(headers: &HeaderMap) -> &str {
    headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default()
}
