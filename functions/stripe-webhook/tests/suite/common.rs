//! Helpers of the webhook's tests: an event, and functions that send it.

use stripe_webhook::{WebhookDeps, router as webhook};
use testkit::{Request, World};

/// A small event.
pub(crate) const BODY: &[u8] =
    br#"{"id": "evt_1", "type": "customer.updated", "created": 7, "data": {"object": {"id": "cus_1", "object": "customer"}}}"#;

/// Returns the function's router in `world`.
pub(crate) fn router(world: &World) -> axum::Router {
    let (secret, events) = (world.webhook_secret(), world.stripe_events());
    webhook(WebhookDeps { secret, events, ambient: world.ambient() })
}

/// Returns an unsigned request with this body.
pub(crate) fn event(body: &[u8]) -> Request {
    Request::event("stripe-webhook/unsigned").bytes(body)
}

/// Returns the request, signed now.
pub(crate) fn signed(world: &World, body: &[u8]) -> Request {
    event(body).header("stripe-signature", world.stripe_signature(body))
}

/// Sends `request` to a function that has just started, and returns the status and the problem's code.
pub(crate) async fn send(world: &World, request: Request) -> (u16, String) {
    let answer = world.send(&router(world), request).await;
    (answer.status.as_u16(), answer.code().to_owned())
}
