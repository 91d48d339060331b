//! Requests by hand, where the workspace's client has no types.

use crate::{
    browser,
    shop::{KEY, Shop},
};
use serde_json::Value;

pub(crate) async fn get(shop: &Shop, path: &str) -> Value {
    let (status, answer) = ask(shop, "GET", path, "").await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

pub(crate) async fn post(shop: &Shop, path: &str, form: &str) -> Value {
    let (status, answer) = ask(shop, "POST", path, form).await;
    assert_eq!(status, 200, "{path} {form}: {answer}");
    answer
}

/// Returns the status and the message of a refusal.
pub(crate) async fn refused(shop: &Shop, path: &str, form: &str) -> String {
    let (status, answer) = ask(shop, "POST", path, form).await;
    format!("{status}: {}", answer["error"]["message"].as_str().unwrap())
}

/// Returns the status, code, parameter and message of a refusal.
pub(crate) async fn refused_for(shop: &Shop, method: &str, path: &str, form: &str) -> String {
    let (status, answer) = ask(shop, method, path, form).await;
    let said = |field: &str| answer["error"][field].as_str().unwrap_or_default().to_owned();
    format!("{status} {} {}: {}", said("code"), said("param"), said("message"))
}

pub(crate) async fn delete(shop: &Shop, path: &str) -> Value {
    let (status, answer) = ask(shop, "DELETE", path, "").await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

async fn ask(shop: &Shop, method: &str, path: &str, form: &str) -> (u16, Value) {
    let request = http::Request::builder().method(method).uri(shop.url(path));
    let page = browser::send(request.header("authorization", format!("Bearer {KEY}")), form).await;
    (page.status, page.json())
}
