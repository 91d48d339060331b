//! Sends letters to the webhook over plain HTTP: it is on this machine.

use super::Outcome;
use axum::body::Bytes;
use http::{HeaderValue, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{sync::Arc, time::Duration};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where events are sent.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address, with `http://`.
    pub url: String,
    /// The `Host` header, if it is not the address's own: an emulated function URL is found by it.
    pub host: Option<String>,
}

/// A client with the webhook's address.
#[derive(Debug)]
pub(crate) struct Sender {
    webhook: Webhook,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Sender {
    pub(crate) fn new(webhook: Webhook) -> Self {
        Self { webhook, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends one letter.
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
                // Read to its end, so that the connection can be used again. What it says does not matter.
                let _ = tokio::time::timeout(PATIENCE, answer.into_body().collect()).await;
                Outcome::Status(status)
            }
            Ok(Err(error)) => Outcome::Unreachable(error.to_string()),
            Err(_) => Outcome::Unreachable("no answer in time".to_owned()),
        }
    }
}
