//! A webhook that keeps the received events and answers as a test wants, and a verification of signatures that shares no
//! code with the signing.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// Received event.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) signature: String,
    pub(crate) host: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn event(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.event()["type"].as_str().unwrap().to_owned()
    }

    pub(crate) fn id(&self) -> String {
        self.event()["id"].as_str().unwrap().to_owned()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Endpoint {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Endpoint {
    /// Starts to listen and returns its URL.
    pub(crate) async fn open() -> (Self, String) {
        let endpoint = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/stripe", listener.local_addr().unwrap());
        let at = endpoint.clone();
        let route = post(move |headers: HeaderMap, body: Bytes| async move { at.take(&headers, &body) });
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/stripe", route)).await.unwrap() });
        (endpoint, url)
    }

    fn take(&self, headers: &HeaderMap, body: &Bytes) -> StatusCode {
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        let received = Received { signature: text("stripe-signature"), host: text("host"), body: body.to_vec() };
        self.received.lock().unwrap().push(received);
        let status = self.answers.lock().unwrap().pop_front().unwrap_or(200);
        StatusCode::from_u16(status).unwrap()
    }

    /// Sets the next statuses to answer; all further ones are 200.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.received().iter().map(Received::id).collect()
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        self.received().iter().map(Received::kind).collect()
    }
}

/// Returns true if one of the header's signatures is valid for the body and the secret.
pub(crate) fn verifies(header: &str, body: &[u8], secret: &str) -> bool {
    let part = |name: &'static str| header.split(',').filter_map(move |part| part.strip_prefix(name));
    let time = part("t=").next().unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.").as_bytes());
    mac.update(body);
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    part("v1=").any(|signature| signature == expected)
}
