//! Sends one HTTP/1.1 request over a connection. Reads a bounded part of the answer and returns its status.

use super::network::Stream;
use domain::{integrations::Outgoing, integrations::delivery::Class};
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use jiff::{Timestamp, fmt::rfc2822};
use std::future::pending;

/// Maximum number of bytes read of an answer's body. The rest is ignored.
const MOST: usize = 64 * 1024;

/// Value of the header `User-Agent`.
const AGENT: &str = concat!("Berth/", env!("CARGO_PKG_VERSION"));

/// Answer of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Seconds to wait before the next attempt, from the header `Retry-After`.
    pub retry_after: Option<u32>,
}

/// Sends `outgoing` and returns the answer, with its location if it is a redirect.
pub(super) async fn send(
    stream: Stream,
    outgoing: &Outgoing,
    now: Timestamp,
) -> Result<(Answer, Option<String>), Class> {
    let request = request(outgoing).map_err(|_| Class::Blocked)?;
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(MOST).handshake(TokioIo::new(stream.0)).await.map_err(|_| Class::Refused)?;
    let exchange = async move {
        let response = sender.send_request(request).await.map_err(|_| Class::Refused)?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers(), now);
        let location =
            response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (mut body, mut read) = (response.into_body(), 0);
        while read < MOST {
            match body.frame().await {
                Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) => return Err(Class::Refused),
                None => break,
            }
        }
        Ok((Answer { status, retry_after }, location))
    };
    // The reader of the answer notices the end of the connection itself.
    let connection = async {
        drop(connection.await);
        pending().await
    };
    tokio::select! {
        answer = exchange => answer,
        never = connection => never,
    }
}

fn request(outgoing: &Outgoing) -> Result<Request<Full<Bytes>>, http::Error> {
    let url = outgoing.url.parts();
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let request = Request::post(target)
        .header(header::HOST, url.authority())
        .header(header::USER_AGENT, AGENT)
        .header(header::CONNECTION, "close");
    let request = outgoing.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
    request.body(Full::new(Bytes::from(outgoing.body.clone())))
}

/// Parses the header `Retry-After`, which is a number of seconds or a date.
/// <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<u32> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(u32::try_from(seconds).unwrap_or(u32::MAX));
    }
    let until = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    u32::try_from(until.duration_since(now).as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let read = |text: &str| retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("99999999999"), Some(u32::MAX));
        assert_eq!(read("Sat, 21 Nov 2026 12:01:00 GMT"), Some(60));
        for text in ["", "-1", "soon", "1.5", "Sat, 21 Nov 2026 11:00:00 GMT"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
