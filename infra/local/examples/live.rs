//! Prints what happens in a workspace, as soon as it happens.
//!
//!     live https://api.example.com/api/v1 ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y "$ID_TOKEN"
//!
//! Outside of the local cloud, build `ureq` and `tungstenite` with TLS: the features `rustls` and `rustls-tls-webpki-roots`, and
//! `tungstenite::connect` in place of `tungstenite::client`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a program of its own, as a customer may write it"
)]

use serde_json::{Value, json};
use std::{
    env,
    error::Error,
    io::ErrorKind,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};
use tungstenite::{Error as SocketError, Message};

/// API Gateway ends connections without a message for ten minutes.
const PING: Duration = Duration::from_secs(300);
const LONGEST_PAUSE: u64 = 300;

/// What the program knows.
#[derive(Default)]
struct Known {
    /// Number of the newest notification.
    seq: u64,
}

impl Known {
    /// Prints what a message says. Returns false if the service has ended the connection for good.
    fn take(&mut self, message: &Value) -> bool {
        self.seq = self.seq.max(message["seq"].as_u64().unwrap_or_default());
        let several = message["notifications"].as_array().into_iter().flatten();
        for notification in several.chain(message.get("notification")) {
            println!("{} {} {}", notification["created_at"], notification["event"], notification["title"]);
        }
        message["type"] != "ended"
    }
}

/// Listens on one connection until it fails. Returns false if the service has ended it for good.
fn listen(api: &str, workspace: &str, token: &str, known: &mut Known) -> Result<bool, Box<dyn Error>> {
    let asked = ureq::post(format!("{api}/notifications/ticket"))
        .header("authorization", format!("Bearer {token}"))
        .header("x-workspace-id", workspace);
    let ticket: Value = asked.send_empty()?.body_mut().read_json()?;
    let url = ticket["url"].as_str().ok_or("no address")?;
    let host = url.split('/').nth(2).ok_or("no host")?;
    let stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PING))?;
    let (mut socket, _) =
        tungstenite::client(format!("{url}?ticket={}", ticket["ticket"].as_str().ok_or("no ticket")?), stream)?;
    socket.send(Message::text(json!({ "action": "subscribe", "since": known.seq }).to_string()))?;
    loop {
        let received = match socket.read() {
            Ok(received) => received,
            Err(SocketError::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                socket.send(Message::text(r#"{"action":"ping"}"#))?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let message: Value =
            received.to_text().ok().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        if !known.take(&message) {
            return Ok(false);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [api, workspace, token] = arguments.as_slice() else { return Err("live API WORKSPACE ID_TOKEN".into()) };
    let (mut known, mut failures) = (Known::default(), 0);
    loop {
        let begun = Instant::now();
        match listen(api, workspace, token, &mut known) {
            Ok(true) => {}
            Ok(false) => return Err("the service has ended the connection".into()),
            Err(error) => eprintln!("not connected: {error}"),
        }
        if begun.elapsed() > PING {
            failures = 0;
        }
        // Many clients that lose their connections at once do not come back at once.
        let spread = 0.5 + f64::from(begun.elapsed().subsec_micros() % 1_000) / 2_000.0;
        thread::sleep(Duration::from_secs(LONGEST_PAUSE.min(1 << failures.min(10))).mul_f64(spread));
        failures += 1;
    }
}
