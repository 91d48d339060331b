//! The rule by which a record continues another. This file does not know the other records of the sequence.

use crate::{
    digest::Digest,
    problem::Reason,
    record::line::{Line, Text},
    window::Window,
};
use jiff::Timestamp;
use std::ops::Range;

/// A record of a sequence whose digest is right.
#[derive(Debug)]
pub struct Entry {
    /// Its number.
    pub number: u64,
    /// Its id.
    pub id: String,
    /// Digest of the record before it.
    pub previous: Digest,
    /// Its digest.
    pub digest: Digest,
    /// `kept_until` of the record before it.
    pub previous_until: Option<Timestamp>,
    /// Time after which it counts as absent.
    pub kept_until: Timestamp,
}

/// A record that the next one may continue.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its number; 0 before the first record.
    pub number: u64,
    /// The digest that the line has, and the computed one. They differ if the record was changed.
    digests: [Digest; 2],
    /// Id and time, unless the record was changed.
    bound: Option<Bound>,
}

/// Members of a record's text that the next record is compared with.
#[derive(Debug, Clone)]
struct Bound {
    /// Its id.
    id: String,
    /// Time after which it counts as absent; `None` before the first record.
    kept_until: Option<Timestamp>,
}

/// Reason why a record does not continue another.
#[derive(Debug)]
pub struct Fault {
    /// Kind of the problem.
    pub reason: Reason,
    /// What is wrong.
    pub message: String,
    /// Numbers of the records between the two.
    pub missing: Range<u64>,
}

impl Entry {
    /// Returns the part of a record that its sequence binds.
    #[must_use]
    pub fn new(line: &Line, text: &Text) -> Self {
        Self {
            number: text.number.get(),
            id: text.id.clone(),
            previous: line.previous,
            digest: line.digest,
            previous_until: text.previous_until,
            kept_until: text.kept_until,
        }
    }

    /// True if the record may be the first one of the export although it has a predecessor.
    #[must_use]
    pub fn may_be_first(&self, window: &Window) -> bool {
        self.number > 1 && (window.from.is_some() || self.previous_until.is_some_and(|until| window.is_over(until)))
    }
}

impl Head {
    /// The place before the first record.
    #[must_use]
    pub fn start() -> Self {
        let bound = Some(Bound { id: String::new(), kept_until: None });
        Self { number: 0, digests: [Digest::ZERO; 2], bound }
    }

    /// Returns the head that a record is to the next one.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let bound = Some(Bound { id: entry.id.clone(), kept_until: Some(entry.kept_until) });
        Self { number: entry.number, digests: [entry.digest; 2], bound }
    }

    /// Returns the head that a changed record is to the next one.
    #[must_use]
    pub fn of_changed(line: &Line) -> Self {
        Self { number: line.number.get(), digests: [line.digest, line.compute_digest()], bound: None }
    }

    /// True if the record has this digest.
    #[must_use]
    pub fn has(&self, digest: Digest) -> bool {
        self.digests.contains(&digest)
    }

    /// Checks that `entry` is the next record.
    ///
    /// # Errors
    /// [`Fault`] if it is not.
    pub fn check(&self, entry: &Entry) -> Result<(), Fault> {
        let (number, next) = (self.number, self.number.saturating_add(1));
        let fault = |reason, message| Err(Fault { reason, message, missing: 0..0 });
        if entry.number == number {
            return fault(Reason::Moved, format!("another record {number} precedes it, so one of them was inserted"));
        }
        if entry.number < number {
            return fault(Reason::Moved, format!("record {number} precedes it, so records were exchanged or inserted"));
        }
        if entry.number > next {
            let message = missing_before(entry, next);
            return Err(Fault { reason: Reason::Missing, message, missing: next..entry.number });
        }
        if number == 0 && (entry.previous != Digest::ZERO || entry.previous_until.is_some()) {
            let message = "it is the first record, but has a predecessor; it was inserted or rewritten".to_owned();
            return fault(Reason::Unlinked, message);
        }
        if !self.has(entry.previous) {
            let message = format!("its `previous` is not the digest of record {number}; one was inserted or rewritten");
            return fault(Reason::Unlinked, message);
        }
        match &self.bound {
            Some(bound) if entry.previous_until != bound.kept_until => {
                let message = format!("its `previous_until` is not the `kept_until` of record {number}");
                fault(Reason::Unlinked, message)
            }
            Some(bound) if entry.id <= bound.id => {
                fault(Reason::Moved, format!("its id is not greater than the id of record {number}"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Returns the message that the records from `next` on are missing before `entry`.
fn missing_before(entry: &Entry, next: u64) -> String {
    let last = entry.number - 1;
    let records = match last == next {
        true => format!("record {next} is missing before it"),
        false => format!("records {next} to {last} are missing before it"),
    };
    match entry.previous_until.filter(|_| next == 1) {
        None => records,
        Some(until) => format!(
            "{records}, although record {last} is kept until {until}; use --from if the export was asked for from a later \
             time"
        ),
    }
}
