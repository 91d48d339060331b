//! Sends events to the webhook over plain HTTP, because the webhook is on this machine.

use super::Outcome;
use axum::body::Bytes;
use http::{HeaderValue, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{sync::Arc, time::Duration};

/// Timeout for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Address of the webhook.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// URL with `http://`.
    pub url: String,
    /// `Host` header if it differs from the URL's host: an emulated function URL is found by it.
    pub host: Option<String>,
}

/// Client for the webhook.
#[derive(Debug)]
pub(crate) struct Sender {
    webhook: Webhook,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Sender {
    pub(crate) fn new(webhook: Webhook) -> Self {
        Self { webhook, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends one event.
    pub(crate) async fn send(&self, body: Arc<[u8]>, signature: &str) -> Outcome {
        let mut request = Request::post(&self.webhook.url)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(header::USER_AGENT, "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("stripe-signature", signature);
        if let Some(host) = &self.webhook.host {
            request = request.header(header::HOST, HeaderValue::from_str(host).unwrap_or(HeaderValue::from_static("")));
        }
        let request = match request.body(Full::new(Bytes::copy_from_slice(&body))) {
            Ok(request) => request,
            Err(error) => return Outcome::Unreachable(error.to_string()),
        };
        match tokio::time::timeout(PATIENCE, self.client.request(request)).await {
            Ok(Ok(answer)) => {
                let status = answer.status().as_u16();
                // The body is read to its end, so that the connection can be reused. Its content is ignored.
                let _ = tokio::time::timeout(PATIENCE, answer.into_body().collect()).await;
                Outcome::Status(status)
            }
            Ok(Err(error)) => Outcome::Unreachable(error.to_string()),
            Err(_) => Outcome::Unreachable("no answer in time".to_owned()),
        }
    }
}
