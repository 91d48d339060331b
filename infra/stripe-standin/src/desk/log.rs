//! Log of requests to the API, for tests that count them.

use super::message::Incoming;
use crate::ids::RequestId;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::VecDeque;

/// Maximum number of logged requests.
const KEPT: usize = 10_000;

/// Answered request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Stripe's id of the request.
    pub id: String,
    /// Time in seconds since 1970 on the stand-in's clock.
    pub at: i64,
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Parameters of query and body.
    pub params: Vec<(String, String)>,
    /// Idempotency key.
    pub idempotency_key: Option<String>,
    /// Status of the answer.
    pub status: u16,
    /// True if the answer repeated that of an earlier request.
    pub replayed: bool,
}

/// Logged requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<LoggedRequest>,
}

impl Log {
    pub(crate) fn note(
        &mut self,
        incoming: &Incoming,
        request: &RequestId,
        status: u16,
        replayed: bool,
        now: Timestamp,
    ) {
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(LoggedRequest {
            id: request.to_string(),
            at: now.as_second(),
            method: incoming.method.clone(),
            path: incoming.path.clone(),
            params: incoming.pairs.clone(),
            idempotency_key: incoming.idempotency_key.clone(),
            status,
            replayed,
        });
    }

    /// Returns the logged requests, oldest first.
    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }
}
