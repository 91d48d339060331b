//! The clock of a local cloud, which the stand-in moves with its own.

use crate::{
    asking::get,
    browser,
    shop::{Shop, wall},
    webhook::Endpoint,
};
use jiff::SignedDuration;
use local_clock::Moves;
use serde_json::{Value, json};
use std::{fs, path::PathBuf};
use stripe_standin::{CloudClock, Webhook};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Folder of a clock's file, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("stripe-standin-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It lies among temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Opens a shop whose clock is that of a cloud. `script` is run after each move, in the folder.
async fn shop(folder: &Folder, script: &str, webhook: Option<Webhook>) -> Shop {
    let script = format!("cd {} && {script}", folder.0.display());
    let after_move = ["sh", "-c", &script].map(Into::into).to_vec();
    let clock = CloudClock { file: folder.0.join("clock"), after_move };
    clock.reset().unwrap();
    Shop::with(|options| (options.cloud_clock, options.webhook) = (Some(clock), webhook)).await
}

async fn advance(shop: &Shop, by: SignedDuration) -> (u16, Value) {
    let answer = browser::post_json(&shop.url("/_standin/clock"), &json!({ "advance": by.as_secs() })).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn each_move_is_recorded_before_what_is_due_is_done() {
    let folder = Folder::new("recorded");
    let shop = shop(&folder, "cat clock >> seen", None).await;
    for moved in 1..=2 {
        let now = wall() + DAY * moved;
        assert_eq!(advance(&shop, DAY).await, (200, json!({ "now": now.as_second() })));
        assert_eq!(Moves::read(&folder.0.join("clock")).unwrap().time_at(wall()), now);
    }
    assert_eq!(fs::read_to_string(folder.0.join("seen")).unwrap().lines().count(), 1 + 2);
}

#[tokio::test]
async fn events_of_a_move_are_sent_and_dated_by_the_moved_clock() {
    let (endpoint, url) = Endpoint::open().await;
    let folder = Folder::new("dated");
    let shop = shop(&folder, "true", Some(Webhook { url, host: None })).await;
    shop.subscriber("price_pro_month").await;
    shop.standin().flush().await;
    let before = endpoint.received().len();
    assert_eq!(advance(&shop, DAY * 31).await.0, 200);
    let received = endpoint.received();
    let listed = get(&shop, "/v1/events?limit=100").await;
    assert!(received.len() > before, "a month has events");
    assert_eq!(received.len(), listed["data"].as_array().unwrap().len(), "all are sent when the move ends");
    let dated = format!("t={},v1=", (wall() + DAY * 31).as_second());
    assert!(received[before..].iter().all(|event| event.signature.starts_with(&dated)));
}

#[tokio::test]
async fn failed_program_is_named_and_the_clock_stays_moved() {
    let folder = Folder::new("failed");
    let shop = shop(&folder, "echo 'items were still due' >&2; exit 1", None).await;
    let (status, said) = advance(&shop, DAY).await;
    assert_eq!((status, said["error"].to_string().contains("items were still due")), (500, true), "{said}");
    assert_eq!(shop.standin().now(), wall() + DAY);
}

#[tokio::test]
async fn unrecorded_move_moves_no_clock() {
    let folder = Folder::new("unrecorded");
    let shop = shop(&folder, "touch ran", None).await;
    fs::remove_file(folder.0.join("clock")).unwrap();
    let (status, said) = advance(&shop, DAY).await;
    assert_eq!((status, said["error"].to_string().contains("was not moved")), (500, true), "{said}");
    assert_eq!((shop.standin().now(), folder.0.join("ran").exists()), (wall(), false));
}
