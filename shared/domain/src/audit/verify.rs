//! Verifies a chain of audit records, page by page. The offline program does the same from an export; see
//! docs/audit-format.md.

use crate::{
    audit::{
        chain::{End, LinkedRecord, Sequence},
        digest::Digest,
        record::AuditAction,
    },
    ids::{AuditId, WorkspaceId},
    named,
};
use jiff::Timestamp;
use std::{fmt, str::FromStr};

named! {
    /// Reason why a chain is broken at a record: `altered`, its contents were changed; `missing`, records
    /// before it were removed; `moved`, its number does not ascend; `unlinked`, it has no place or does not continue the
    /// record before it; `unreadable`, it
    /// cannot be read; `truncated`, records after it were removed.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Break or UnknownBreak {
        /// The record's contents were changed.
        Altered = "altered",
        /// Records before it were removed.
        Missing = "missing",
        /// Its number does not ascend.
        Moved = "moved",
        /// It has no place, or does not continue the record before it.
        Unlinked = "unlinked",
        /// It cannot be read.
        Unreadable = "unreadable",
        /// Records after it were removed.
        Truncated = "truncated",
    }
}

/// A place at which the chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Id of the record; `None` if none is left.
    pub at: Option<AuditId>,
    /// Why.
    pub reason: Break,
}

/// A stored record.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "almost all are linked")]
pub enum Found {
    /// It has a place.
    Linked(LinkedRecord),
    /// It has none. Records of earlier versions get one after a day.
    Unlinked(AuditId),
    /// It cannot be read.
    Unreadable(AuditId),
    /// Its time is over, or its key names no record.
    Absent,
}

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The last record that was looked at.
    pub after: Option<AuditId>,
    log: Option<End>,
    before: Option<End>,
    /// True if records from before may precede it, none of which it names.
    is_partial: bool,
}

impl Position {
    /// The position before the first record that was asked for. `earlier` are records before it, the newest first; `is_all`
    /// says that there are no others.
    #[must_use]
    pub fn first(now: Timestamp, earlier: &[LinkedRecord], is_all: bool) -> Self {
        let counts = || earlier.iter().filter(|record| record.kept_until > now);
        let last = |sequence| counts().find(|record| record.place.sequence == sequence).map(LinkedRecord::end);
        Self { after: None, log: last(Sequence::Log), before: last(Sequence::Before), is_partial: !is_all }
    }

    /// The last record of the log.
    #[must_use]
    pub const fn log(&self) -> Option<End> {
        self.log
    }

    /// The same position after the record `last`, which may have been skipped.
    #[must_use]
    pub const fn at(self, last: AuditId) -> Self {
        Self { after: Some(last), ..self }
    }
}

/// Verifies records in the order of their ids.
#[derive(Debug)]
pub struct Verifier {
    workspace: WorkspaceId,
    now: Timestamp,
    /// True if it is not known which record from before precedes the first one that was asked for.
    begins_anywhere: bool,
    /// The end of the log, if it was read.
    head: Option<End>,
    /// True until the records from before are bound.
    links_before: bool,
    position: Position,
    checked: u64,
}

impl Verifier {
    /// Begins at `position`, whose ends precede the first record. `links_before` says that records of earlier versions have
    /// no places yet.
    #[must_use]
    pub const fn new(
        workspace: WorkspaceId,
        now: Timestamp,
        head: Option<End>,
        links_before: bool,
        position: Position,
    ) -> Self {
        let begins_anywhere = links_before || (position.before.is_none() && position.is_partial);
        Self { workspace, now, begins_anywhere, head, links_before, position, checked: 0 }
    }

    /// Number of records that were verified.
    #[must_use]
    pub const fn checked(&self) -> u64 {
        self.checked
    }

    /// The position after the last record.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Verifies the next record.
    ///
    /// # Errors
    /// [`Broken`] if the chain is broken there.
    pub fn check(&mut self, found: &Found) -> Result<(), Broken> {
        let broken = |at: AuditId, reason| Err(Broken { at: Some(at), reason });
        let record = match found {
            Found::Linked(record) => record,
            Found::Unlinked(id) if self.links_before => {
                // It, and others after it, may have their places before the next page is read.
                self.position.is_partial = true;
                self.position.before = None;
                self.position.after = Some(*id);
                return Ok(());
            }
            Found::Unlinked(id) => return broken(*id, Break::Unlinked),
            Found::Unreadable(id) => return broken(*id, Break::Unreadable),
            Found::Absent => return Ok(()),
        };
        let id = record.sealed.record.id;
        self.position.after = Some(id);
        if record.kept_until <= self.now {
            return Ok(());
        }
        if record.sealed.has_unbound_values() || record.found_digest(self.workspace) != record.digest {
            return broken(id, Break::Altered);
        }
        let last = match record.place.sequence {
            Sequence::Log => self.position.log,
            Sequence::Before => self.position.before,
        };
        if let Some(reason) = self.gap(record, last.as_ref()) {
            return broken(id, reason);
        }
        let end = record.end();
        match record.place.sequence {
            Sequence::Log => {
                if self.head.is_some_and(|head| head.number == end.number && head.digest != end.digest) {
                    return broken(id, Break::Altered);
                }
                self.check_binding(record)?;
                self.position.log = Some(end);
            }
            Sequence::Before => self.position.before = Some(end),
        }
        self.checked += 1;
        Ok(())
    }

    /// Why `record` does not continue `last`; `None` if it does.
    fn gap(&self, record: &LinkedRecord, last: Option<&End>) -> Option<Break> {
        let place = &record.place;
        match last {
            None => {
                let over = place.previous_until.is_some_and(|until| until <= self.now);
                let unknown = place.sequence == Sequence::Before && self.begins_anywhere;
                (place.number != 1 && !over && !unknown).then_some(Break::Missing)
            }
            Some(last) if place.number <= last.number => Some(Break::Moved),
            Some(last) if place.number > last.number + 1 => Some(Break::Missing),
            Some(last) if place.previous != last.digest || place.previous_until != Some(last.kept_until) => {
                Some(Break::Unlinked)
            }
            Some(_) => None,
        }
    }

    /// Compares the records from before with what `record` says of them, if it is the one that binds them.
    fn check_binding(&self, record: &LinkedRecord) -> Result<(), Broken> {
        let entry = &record.sealed.record.entry;
        if entry.action != AuditAction::AuditBegan {
            return Ok(());
        }
        let said = |name: &str| entry.after.get(name).and_then(|value| value.as_str());
        let covered = said("covered").and_then(|text| text.parse::<Digest>().ok());
        let over = said("covered_until").and_then(|text| text.parse::<Timestamp>().ok());
        let is_over = over.is_some_and(|until| until <= self.now);
        let last = self.position.before;
        let right = match covered {
            _ if is_over => last.is_none(),
            Some(covered) => last.map_or(self.begins_anywhere, |last| last.digest == covered),
            None => last.is_none(),
        };
        let at = last.map(|last| last.id);
        if right { Ok(()) } else { Err(Broken { at, reason: Break::Truncated }) }
    }

    /// Verifies that the log ends where its head says, when the last record was checked. `since` is the time from which
    /// records were asked for, and `head_at` the time of the head's record.
    ///
    /// # Errors
    /// [`Broken`] if records are missing at the end.
    pub fn finish(&self, since: Timestamp, head_at: Timestamp) -> Result<(), Broken> {
        let expected = self.head.filter(|head| head.kept_until > self.now && head_at >= since);
        let number = self.position.log.map_or(0, |end| end.number);
        if expected.is_some_and(|head| number < head.number) { Err(self.without_head()) } else { Ok(()) }
    }

    /// The break of a log whose last record is beyond its head.
    #[must_use]
    pub fn beyond_head(&self) -> Broken {
        Broken { at: self.position.log.map(|end| end.id), reason: Break::Unlinked }
    }

    /// The break of a log whose head, or whose last record, is missing.
    #[must_use]
    pub fn without_head(&self) -> Broken {
        Broken { at: self.position.log.map(|end| end.id), reason: Break::Truncated }
    }
}

/// The text is not a position of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a position of a verification")]
pub struct ParsePositionError;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |f: &mut fmt::Formatter<'_>, end: Option<End>| match end {
            Some(End { number, digest, id, kept_until }) => {
                write!(f, ",{number}:{digest}:{id}:{}", kept_until.as_second())
            }
            None => f.write_str(","),
        };
        if let Some(after) = self.after {
            write!(f, "{after}")?;
        }
        end(f, self.log)?;
        end(f, self.before)?;
        f.write_str(if self.is_partial { ",~" } else { "," })
    }
}

impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(text: &str) -> Result<Self, ParsePositionError> {
        let end = |text: &str| {
            if text.is_empty() {
                return Some(None);
            }
            let mut parts = text.split(':');
            let end = End {
                number: parts.next()?.parse().ok()?,
                digest: parts.next()?.parse().ok()?,
                id: parts.next()?.parse().ok()?,
                kept_until: Timestamp::from_second(parts.next()?.parse().ok()?).ok()?,
            };
            parts.next().is_none().then_some(Some(end))
        };
        let parsed = || {
            let mut parts = text.split(',');
            let after = parts.next()?;
            let after = if after.is_empty() { None } else { Some(after.parse().ok()?) };
            let (log, before) = (end(parts.next()?)?, end(parts.next()?)?);
            let position = Self { after, log, before, is_partial: parts.next()? == "~" };
            parts.next().is_none().then_some(position)
        };
        parsed().ok_or(ParsePositionError)
    }
}
