//! A minimal browser: pages and forms over plain HTTP, with redirects returned instead of followed.

use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use std::collections::VecDeque;

/// Response.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Follows a link.
pub(crate) async fn get(url: &str) -> Page {
    send(http::Request::get(url), "").await
}

/// Presses a button.
pub(crate) async fn post(url: &str) -> Page {
    send(http::Request::post(url), "").await
}

/// Submits a form.
pub(crate) async fn submit(url: &str, form: &str) -> Page {
    send(http::Request::post(url).header("content-type", "application/x-www-form-urlencoded"), form).await
}

/// Posts JSON, as scripts do.
pub(crate) async fn post_json(url: &str, body: &serde_json::Value) -> Page {
    send(http::Request::post(url).header("content-type", "application/json"), &body.to_string()).await
}

/// Sends any request.
pub(crate) async fn send(request: http::request::Builder, body: &str) -> Page {
    let client: Client<_, Full<VecDeque<u8>>> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request.body(Full::new(body.bytes().collect())).unwrap()).await.unwrap();
    let headers = answer.headers().clone();
    let location = headers.get("location").map(|value| value.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    let body = String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Page { status, location, headers, body }
}
