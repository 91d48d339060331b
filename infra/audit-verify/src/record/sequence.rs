//! A sequence of records: each continues the one before it. This file does not know the contents of records.
//!
//! After a problem, the sequence goes on from the record as it is. Records that it could also go on from are remembered, so
//! that a removed, exchanged or inserted record is one problem and not one for each record that follows.

use crate::{
    digest::Digest,
    problem::{Place, Reason},
    record::{
        head::{Entry, Fault, Head},
        line::Line,
    },
    report::{Report, Span},
    window::Window,
};
use jiff::Timestamp;
use std::ops::Range;

/// Maximum number of records that the next one may continue.
const CANDIDATES: usize = 4;

/// A sequence of an export, as far as it was read.
#[derive(Debug)]
pub struct Sequence {
    /// Records that the next one may continue, newest first.
    candidates: Vec<Candidate>,
    /// True once a record was read that counts and was not changed.
    begun: bool,
    /// Records that count.
    span: Span,
    /// The `previous_until` of the first record that counts.
    opening: Option<Timestamp>,
    /// Number of records whose time is over.
    expired: u64,
    /// Highest number of a record whose time is over.
    over: u64,
    /// The record with the highest number, and its place.
    last: Option<(Head, Place)>,
}

/// Effect of a record's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The record counts.
    Present,
    /// Its time is over.
    Over,
}

/// A record that the next one may continue.
#[derive(Debug)]
struct Candidate {
    head: Head,
    gap: Option<Gap>,
}

/// Records that are missing before a record, and the problem that says so.
#[derive(Debug)]
struct Gap {
    numbers: Range<u64>,
    problem: usize,
}

impl Default for Sequence {
    fn default() -> Self {
        let start = Candidate { head: Head::start(), gap: None };
        Self {
            candidates: vec![start],
            begun: false,
            span: Span::default(),
            opening: None,
            expired: 0,
            over: 0,
            last: None,
        }
    }
}

impl Sequence {
    /// Records that count.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Time after which the predecessor of the first record counts as absent; `None` if it has none.
    #[must_use]
    pub fn opening(&self) -> Option<Timestamp> {
        self.opening
    }

    /// Number of records whose time is over.
    #[must_use]
    pub fn expired(&self) -> u64 {
        self.expired
    }

    /// Highest number of a record whose time is over; 0 without such records.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.over
    }

    /// Place of the record with the highest number among those that count.
    #[must_use]
    pub fn last_place(&self) -> Option<&Place> {
        self.last.as_ref().map(|(_, place)| place)
    }

    /// True if the record with the highest number has this digest.
    #[must_use]
    pub fn ends_with(&self, digest: Digest) -> bool {
        self.last.as_ref().is_some_and(|(head, _)| head.has(digest))
    }

    /// Takes the next record and reports if it is not in its place.
    pub fn take(&mut self, entry: &Entry, place: &Place, window: &Window, report: &mut Report) -> Presence {
        if entry.previous_until.is_some_and(|until| until > entry.kept_until) {
            let message = "its `kept_until` is before that of the record before it".to_owned();
            report.add(place, Reason::Unlinked, message);
        }
        // Once a record counts, all that follow do. One that claims to be over is out of place and must not be skipped.
        if !self.begun && window.is_over(entry.kept_until) {
            self.expired += 1;
            self.over = self.over.max(entry.number);
            return Presence::Over;
        }
        self.fill(entry.number, report);
        let mut gap = None;
        if let Some(continued) = self.candidates.iter().position(|candidate| candidate.head.check(entry).is_ok()) {
            gap = self.candidates.remove(continued).gap;
        } else if !self.begun && entry.may_be_first(window) {
            self.candidates.clear();
        } else if let Some(Err(fault)) = self.candidates.first().map(|newest| newest.head.check(entry)) {
            let Fault { reason, message, missing } = fault;
            gap = Some(Gap { numbers: missing, problem: report.add(place, reason, message) });
        }
        if !self.begun {
            self.opening = entry.previous_until;
        }
        self.begun = true;
        self.push(Candidate { head: Head::of(entry), gap }, place);
        Presence::Present
    }

    /// Takes a record that was changed, which was reported already. The next record may continue it.
    pub fn take_changed(&mut self, line: &Line, place: &Place) {
        self.push(Candidate { head: Head::of_changed(line), gap: None }, place);
    }

    /// If a record was reported as missing and follows now, reports its successor as moved instead.
    fn fill(&mut self, number: u64, report: &mut Report) {
        let has = |gap: &Gap| gap.numbers.contains(&number);
        let gap = self.candidates.iter_mut().find_map(|candidate| candidate.gap.take_if(|gap| has(gap)));
        if let Some(problem) = gap.and_then(|gap| report.problems.get_mut(gap.problem)) {
            problem.reason = Reason::Moved;
            problem.message = format!("record {number} follows it, so records were exchanged or inserted");
        }
    }

    fn push(&mut self, candidate: Candidate, place: &Place) {
        let Span { records, first, last } = self.span;
        let number = candidate.head.number;
        let first = if records == 0 { number } else { first.min(number) };
        self.span = Span { records: records + 1, first, last: last.max(number) };
        if number >= last {
            self.last = Some((candidate.head.clone(), place.clone()));
        }
        self.candidates.insert(0, candidate);
        self.candidates.truncate(CANDIDATES);
    }
}
