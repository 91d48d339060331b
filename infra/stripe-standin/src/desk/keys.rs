//! Idempotency keys (<https://docs.stripe.com/api/idempotent_requests>): the first answer under a key is given again
//! for at least a day, an answer of 500 too; the same key with other parameters is an error, and so is a second request
//! while the first one runs.

use super::message::{Incoming, Reply};
use crate::{
    api::Verb,
    error::{ApiError, Result, Stage},
    ids::RequestId,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a key may be.
const LONGEST: usize = 255;

/// The keys in use.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// What was asked under the key: everything that has to be the same.
    asked: Asked,
    since: Timestamp,
    /// Nothing while the request runs.
    answer: Option<Record>,
}

#[derive(Debug, PartialEq, Eq)]
struct Asked {
    path: String,
    pairs: Vec<(String, String)>,
}

/// An answer that was given.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) request: RequestId,
}

/// What is found under a key.
#[derive(Debug)]
pub(crate) enum Found {
    New(Verb),
    Answered(Record),
}

impl Keys {
    /// Claims the key for a request, or finds what was answered under it.
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
