//! The result of a verification. This file does not know how a problem is found.

use crate::problem::{Place, Problem, Reason};
use std::fmt;

/// Records of a sequence that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Number of records.
    pub records: u64,
    /// Lowest number of a record; 0 without records.
    pub first: u64,
    /// Highest number of a record; 0 without records.
    pub last: u64,
}

/// Numbers of checkpoints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub given: u64,
    /// Those that agree with the export.
    pub agree: u64,
    /// Those that name a record that need not be in the export.
    pub outside: u64,
}

/// Result of a verification.
#[derive(Debug, Default)]
pub struct Report {
    /// Problems, first those of records, then those of checkpoints.
    pub problems: Vec<Problem>,
    /// Records of the log.
    pub log: Span,
    /// Records from before the log.
    pub before: Span,
    /// Number of records whose time is over.
    pub expired: u64,
    /// True if a record of the log binds the records from before.
    pub bound: bool,
    /// Checkpoints.
    pub checkpoints: Tally,
}

impl Report {
    /// True if no problem was found.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }

    /// Adds a problem and returns its index.
    pub fn add(&mut self, place: &Place, reason: Reason, message: String) -> usize {
        self.problems.push(Problem { place: place.clone(), reason, message });
        self.problems.len() - 1
    }

    /// Returns the last line of the program's output.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut records = count(self.log.records, "record");
        if self.log.records > 0 {
            records += &format!(" of log {} to {}", self.log.first, self.log.last);
        }
        if self.before.records > 0 {
            records += &format!(" and {} from before", self.before.records);
        }
        let result = match self.problems.len() {
            0 => "whole".to_owned(),
            problems => count(problems as u64, "problem"),
        };
        let mut sentences = vec![format!("{records}: {result}.")];
        if self.expired > 0 {
            sentences.push(format!("{} more whose time is over.", count(self.expired, "record")));
        }
        if self.before.records > 0 && !self.bound {
            sentences.push("Nothing binds the records from before yet.".to_owned());
        }
        sentences.push(self.checkpoints.to_string());
        sentences.join(" ")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, agree, outside } = *self;
        match (given, agree) {
            (0, _) => {
                return write!(f, "Without checkpoints, a cut end or a log that was computed again is not found.");
            }
            (1, 1) => write!(f, "1 checkpoint agrees")?,
            (_, _) if given == agree => write!(f, "{given} checkpoints agree")?,
            (_, _) => write!(f, "{agree} of {} agree", count(given, "checkpoint"))?,
        }
        match outside {
            0 => write!(f, "."),
            _ => write!(f, ", and {outside} cannot be compared, as their records are not in the export."),
        }
    }
}

fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
