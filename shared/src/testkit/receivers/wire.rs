//! Just enough of HTTP/1.1 to take one request and to answer it.

use super::Received;
use tokio::io::{AsyncReadExt, DuplexStream};

/// A request, read to its end; nothing if it breaks off.
pub(super) async fn read(stream: &mut DuplexStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        break (head, end + 4 + length.unwrap_or(0_usize));
    };
    while bytes.len() < length {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
    }
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?.to_owned());
    assert_eq!(method, "POST", "every vendor takes POST");
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines.filter_map(header).collect();
    let host = headers.iter().find(|(name, _)| name == "host")?.1.clone();
    let body = String::from_utf8(bytes[head.len() + 4..].to_vec()).ok()?;
    Some(Received { host, target, headers, body, objection: None })
}

/// An answer of this status, with this header.
pub(super) fn answer(status: u16, header: Option<(&str, String)>) -> String {
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {status} Answer\r\n{header}content-length: 2\r\nconnection: close\r\n\r\nok")
}
