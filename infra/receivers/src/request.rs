//! Minimal HTTP/1.1: parses one request and formats an answer.

/// Request that a receiver got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// HTTP method.
    pub method: String,
    /// Host that it is meant for.
    pub host: String,
    /// Path and query.
    pub target: String,
    /// Headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
    /// Objection of the vendor. `None` if the vendor would accept it.
    pub objection: Option<String>,
}

impl Received {
    /// Returns the value of the header `name`; empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Returns the body as JSON; null if it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Parses the request in `bytes`. Returns `None` until it is complete.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Received> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (bytes.get(..end)?, bytes.get(end + 4..)?);
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines.filter_map(header).collect();
    let mut request = Received { method, host: String::new(), target, headers, body: String::new(), objection: None };
    let length = request.header("content-length").parse().unwrap_or(0_usize);
    request.body = String::from_utf8(body.get(..length)?.to_vec()).ok()?;
    request.host = request.header("host").to_owned();
    Some(request)
}

/// Formats an answer with this status and header.
#[must_use]
pub fn format_answer(status: u16, header: Option<(&str, String)>) -> String {
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {status} Answer\r\n{header}content-length: 2\r\nconnection: close\r\n\r\nok")
}
