//! What was asked of the API, for whoever wants to count.

use super::message::Incoming;
use crate::ids::RequestId;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::VecDeque;

/// How many requests are remembered.
const KEPT: usize = 10_000;

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Stripe's id of the request.
    pub id: String,
    /// When, in seconds since 1970 on the stand-in's clock.
    pub at: i64,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The parameters, of query and body.
    pub params: Vec<(String, String)>,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Whether the answer was that of an earlier request.
    pub replayed: bool,
}

/// The requests so far.
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

    /// Oldest first.
    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }
}
