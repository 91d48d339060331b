//! Problems and their places. This file does not know how a problem is found.

use crate::record::line::SequenceName;
use std::fmt::{self, Write};

/// Kind of a problem. The page about the format explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A record or a value was changed.
    Altered,
    /// Records were removed.
    Missing,
    /// Records were exchanged, or the place of a record is taken.
    Moved,
    /// A record does not continue the one before it.
    Unlinked,
    /// The end was cut.
    Truncated,
    /// A checkpoint was not signed by the operator.
    Checkpoint,
    /// The log was computed again with other records.
    Rewritten,
    /// A line or a checkpoint cannot be parsed.
    Unreadable,
    /// A record or a checkpoint is another workspace's.
    Foreign,
}

/// Position of a line or a checkpoint in its file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// A line.
    Line(u64),
    /// A checkpoint.
    Checkpoint(u64),
}

/// Record that a line has, or that a checkpoint names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its sequence.
    pub sequence: SequenceName,
    /// Its number.
    pub number: u64,
    /// Id of the record or time of the checkpoint, if it can be read.
    pub name: Option<String>,
}

/// Place of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, unless there is only one.
    pub file: Option<String>,
    /// Position in the file.
    pub position: Position,
    /// The record, if it can be read.
    pub subject: Option<Subject>,
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its place.
    pub place: Place,
    /// Its kind.
    pub reason: Reason,
    /// What is wrong, and what to do or what it means.
    pub message: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Moved => "moved",
            Self::Unlinked => "unlinked",
            Self::Truncated => "truncated",
            Self::Checkpoint => "checkpoint",
            Self::Rewritten => "rewritten",
            Self::Unreadable => "unreadable",
            Self::Foreign => "foreign",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Position::Line(line) => write!(f, "line {line}")?,
            Position::Checkpoint(checkpoint) => write!(f, "checkpoint {checkpoint}")?,
        }
        if let Some(file) = &self.file {
            write!(f, " of {file}")?;
        }
        match &self.subject {
            None => Ok(()),
            Some(Subject { sequence, number, name: None }) => write!(f, " (record {number} of {sequence})"),
            Some(Subject { sequence, number, name: Some(name) }) => {
                write!(f, " (record {number} of {sequence}, {name})")
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}: {}", self.place, self.reason, self.message);
        // A text that was changed must not change the output, so only what can be printed is.
        line.chars().try_for_each(|char| match char {
            '"' | '\'' | '\\' => f.write_char(char),
            _ => write!(f, "{}", char.escape_debug()),
        })
    }
}
