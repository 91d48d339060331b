//! Idempotency keys (<https://docs.stripe.com/api/idempotent_requests>): the first answer under a key, including a 500,
//! is repeated for at least a day. The same key with other parameters is an error, as is a second request while the first
//! one is running.

use super::message::{Incoming, Reply};
use crate::{
    api::Verb,
    error::{ApiError, Result, Stage},
    ids::RequestId,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Time that a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Maximum length of a key.
const LONGEST: usize = 255;

/// Keys in use.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The request under the key; a repetition must be the same.
    asked: Asked,
    since: Timestamp,
    /// `None` while the request is running.
    answer: Option<Record>,
}

#[derive(Debug, PartialEq, Eq)]
struct Asked {
    path: String,
    pairs: Vec<(String, String)>,
}

/// Answer under a key.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) request: RequestId,
}

/// State of a key.
#[derive(Debug)]
pub(crate) enum Found {
    New(Verb),
    Answered(Record),
}

impl Keys {
    /// Claims the key for a request, or finds its earlier answer.
    pub(crate) fn claim(&mut self, key: &str, verb: Verb, incoming: &Incoming, now: Timestamp) -> Result<Found> {
        if key.len() > LONGEST {
            let message = format!("Idempotency keys can have up to {LONGEST} characters.");
            return Err(ApiError::invalid("Idempotency-Key", message));
        }
        self.entries.retain(|_, entry| entry.answer.is_none() || now.duration_since(entry.since) < KEPT);
        let mut pairs = incoming.pairs.clone();
        pairs.sort();
        let asked = Asked { path: incoming.path.clone(), pairs };
        match self.entries.get(key) {
            None => {
                self.entries.insert(key.to_owned(), Entry { asked, since: now, answer: None });
                Ok(Found::New(verb))
            }
            Some(entry) if entry.asked != asked => Err(ApiError::key_reused(key)),
            Some(Entry { answer: None, .. }) => Err(ApiError::key_in_use(key)),
            Some(Entry { answer: Some(record), .. }) => Ok(Found::Answered(record.clone())),
        }
    }

    /// Keeps the answer, unless the request was refused before anything was executed.
    pub(crate) fn settle(&mut self, key: &str, refused: Option<Stage>, reply: &Reply) {
        if refused == Some(Stage::Checking) {
            self.entries.remove(key);
        } else if let Some(entry) = self.entries.get_mut(key) {
            let Reply { status, body, request, .. } = reply.clone();
            entry.answer = Some(Record { status, body, request });
        }
    }
}
