//! The clock of a local cloud, which the stand-in moves with its own.

use crate::{
    browser,
    shop::{Shop, wall},
    webhook::Endpoint,
};
use jiff::SignedDuration;
use local_clock::Moves;
use serde_json::{Value, json};
use std::{fs, path::PathBuf};
use stripe_standin::{CloudClock, Options, Standin, Webhook};
use tokio::net::TcpListener;

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

/// Returns the clock of a cloud with its file in `folder`, where `script` is run after each move.
fn cloud_clock(folder: &Folder, script: &str) -> CloudClock {
    let script = format!("cd {} && {script}", folder.0.display());
    let after_move = ["sh", "-c", &script].map(Into::into).to_vec();
    let clock = CloudClock { file: folder.0.join("clock"), after_move };
    clock.reset().unwrap();
    clock
}

async fn shop(folder: &Folder, script: &str) -> Shop {
    let clock = cloud_clock(folder, script);
    Shop::with(|options| options.cloud_clock = Some(clock)).await
}

async fn advance(url: &str, by: SignedDuration) -> (u16, Value) {
    let answer = browser::post_json(&format!("{url}/_standin/clock"), &json!({ "advance": by.as_secs() })).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn each_move_is_recorded_before_what_is_due_is_done() {
    let folder = Folder::new("recorded");
    let shop = shop(&folder, "cat clock >> seen").await;
    for moved in 1..=2 {
        let now = wall() + DAY * moved;
        assert_eq!(advance(shop.served.url(), DAY).await, (200, json!({ "now": now.as_second() })));
        assert_eq!(Moves::read(&folder.0.join("clock")).unwrap().time_at(wall()), now);
    }
    assert_eq!(fs::read_to_string(folder.0.join("seen")).unwrap().lines().count(), 1 + 2);
}

/// The emulator reports in whole seconds when a task started.
#[tokio::test]
async fn clock_moves_between_two_seconds() {
    let folder = Folder::new("between");
    let clock = cloud_clock(&folder, "true");
    let within = || wall() + SignedDuration::from_millis(900);
    let shop = Shop::with(|options| {
        *options = Options::new(within, 1);
        options.cloud_clock = Some(clock);
    });
    assert_eq!(advance(shop.await.served.url(), DAY).await.0, 200);
    let moves = Moves::read(&folder.0.join("clock")).unwrap();
    let last = wall() + SignedDuration::from_millis(999);
    let first = wall() + SignedDuration::from_secs(1);
    assert_eq!([last, first].map(|at| moves.time_at(at)), [last, first + DAY]);
}

/// Served without the stand-in's continuous delivery.
#[tokio::test]
async fn a_move_sends_events_dated_by_the_moved_clock() {
    let (endpoint, webhook) = Endpoint::open().await;
    let folder = Folder::new("dated");
    let mut options = Options::new(wall, 1);
    options.cloud_clock = Some(cloud_clock(&folder, "true"));
    options.webhook = Some(Webhook { url: webhook, host: None });
    let authorization = format!("Bearer {}", options.api_key);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Standin::new(options).router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let customers = http::Request::post(format!("{url}/v1/customers")).header("authorization", authorization);
    assert_eq!(browser::send(customers, "").await.status, 200);
    assert_eq!(endpoint.received().len(), 0);
    assert_eq!(advance(&url, DAY).await.0, 200);
    let [event] = endpoint.received().try_into().unwrap();
    assert!(event.signature.starts_with(&format!("t={},v1=", (wall() + DAY).as_second())), "{}", event.signature);
}

#[tokio::test]
async fn failed_program_is_named_and_the_clock_stays_moved() {
    let folder = Folder::new("failed");
    let shop = shop(&folder, "echo 'items were still due' >&2; exit 1").await;
    let (status, said) = advance(shop.served.url(), DAY).await;
    assert_eq!((status, said["error"].to_string().contains("items were still due")), (500, true), "{said}");
    assert_eq!(shop.standin().now(), wall() + DAY);
}

#[tokio::test]
async fn unrecorded_move_moves_no_clock() {
    let folder = Folder::new("unrecorded");
    let shop = shop(&folder, "touch ran").await;
    fs::remove_file(folder.0.join("clock")).unwrap();
    let (status, said) = advance(shop.served.url(), DAY).await;
    assert_eq!((status, said["error"].to_string().contains("was not moved")), (500, true), "{said}");
    assert_eq!((shop.standin().now(), folder.0.join("ran").exists()), (wall(), false));
}
