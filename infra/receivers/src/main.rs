//! Stand-ins on loopback, for `cargo dev`. They accept every delivery, answer as its vendor would, and list the
//! deliveries on a page. Another page shows letters. The arguments are the port, the file of the cloud's clock, and the URL
//! of the sent letters.

mod letters;
mod page;

use jiff::Timestamp;
use receivers::{Received, check_request, format_answer, parse};
use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Number of requests on the page.
const SHOWN: usize = 200;

/// Maximum size of a request, in bytes.
const LONGEST: usize = 1 << 20;

/// Received requests, newest first, each with its time.
type Log = Arc<Mutex<VecDeque<(Timestamp, Received)>>>;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let port = arguments.next().and_then(|port| port.to_str()?.parse().ok());
    let clock = arguments.next().map(PathBuf::from);
    let sent = arguments.next().and_then(|url| url.into_string().ok());
    let usage = || std::io::Error::other("usage: receivers <port> <clock file> <URL of sent letters>");
    let ((port, clock), sent): ((u16, _), _) = port.zip(clock).zip(sent).ok_or_else(usage)?;
    let (listener, log) = (TcpListener::bind((Ipv4Addr::LOCALHOST, port))?, Log::default());
    for stream in listener.incoming() {
        let (stream, log, clock, sent) = (stream?, Arc::clone(&log), clock.clone(), sent.clone());
        thread::spawn(move || {
            // The caller may have disconnected.
            drop(serve(stream, &log, &clock, &sent));
        });
    }
    Ok(())
}

fn serve(mut stream: TcpStream, log: &Log, clock: &Path, sent: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    let mut request = loop {
        let read = stream.read(&mut part)?;
        bytes.extend_from_slice(part.get(..read).unwrap_or_default());
        match parse(&bytes) {
            Some(request) => break request,
            None if read == 0 || bytes.len() > LONGEST => return Ok(()),
            None => {}
        }
    };
    let shown = Some(request.target.as_str()).filter(|_| request.method == "GET");
    if let Some(page) = shown.and_then(|target| letters::page(target, sent)) {
        return stream.write_all(page.as_bytes());
    }
    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
    let text = match (request.method.as_str(), request.target.as_str()) {
        ("GET", "/") => page::html(log.iter()),
        ("GET", "/received.json") => page::json(log.iter()),
        _ => {
            #[expect(clippy::disallowed_methods, reason = "a stand-in's clock is the system's, with the cloud's moves")]
            let now = local_clock::time_at(clock, Timestamp::now());
            let judged = check_request(&request, &[], now);
            request.objection = judged.as_ref().err().cloned();
            log.push_front((now, request));
            log.truncate(SHOWN);
            format_answer(judged.unwrap_or(400), None)
        }
    };
    stream.write_all(text.as_bytes())
}
