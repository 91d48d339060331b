//! The comparison of checkpoints with the records of an export.

use crate::{
    checkpoint::{
        file::{self, Found},
        key::PublicKey,
        signed::{Checkpoint, Error, SignedHead},
    },
    digest::Digest,
    problem::{Place, Problem, Reason, Subject},
    record::{head::Entry, line::SequenceName, sequence::Sequence},
    report::Report,
    window::Window,
};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Checkpoints, and the records that they name.
#[derive(Debug, Default)]
pub struct Agreement {
    given: u64,
    signed: Vec<Signed>,
    problems: Vec<Problem>,
    /// The records that checkpoints name, by number; `None` until the export shows one.
    records: BTreeMap<u64, Option<Seen>>,
}

/// A checkpoint that the operator signed.
#[derive(Debug)]
struct Signed {
    place: Place,
    head: SignedHead,
}

/// A record of the export.
#[derive(Debug, Clone, Copy)]
struct Seen {
    previous: Digest,
    digest: Digest,
}

/// The export, as the comparison needs it.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The log.
    pub log: &'a Sequence,
    /// Times of the verification.
    pub window: &'a Window,
    /// Id of the workspace, if known.
    pub workspace: Option<&'a str>,
}

/// Result of a comparison.
enum Comparison {
    Agrees,
    Outside,
    Fails(Reason, String),
}

impl Agreement {
    /// Adds the checkpoints of a file. Those that the operator did not sign are reported, and not compared.
    pub fn add(&mut self, file: &str, bytes: &[u8], key: &PublicKey) {
        for Found { position, checkpoint } in file::parse(bytes) {
            self.given += 1;
            let place = Place { file: Some(file.to_owned()), position, subject: None };
            match checkpoint {
                Ok(checkpoint) => self.verify(&checkpoint, place, key),
                Err(message) => self.problems.push(Problem { place, reason: Reason::Unreadable, message }),
            }
        }
    }

    fn verify(&mut self, checkpoint: &Checkpoint, mut place: Place, key: &PublicKey) {
        match checkpoint.verify(key) {
            Ok(head) => {
                let name = Some(head.at.to_string());
                place.subject = Some(Subject { sequence: SequenceName::Log, number: head.number, name });
                let begins = head.begins.map(|beginning| beginning.number);
                self.records.extend([Some(head.number), begins].into_iter().flatten().map(|number| (number, None)));
                self.signed.push(Signed { place, head });
            }
            Err(error) => {
                let reason = match error {
                    Error::Text(_) | Error::Batch(_) | Error::Version(_) => Reason::Unreadable,
                    Error::Proof | Error::Signature => Reason::Checkpoint,
                };
                self.problems.push(Problem { place, reason, message: error.to_string() });
            }
        }
    }

    /// Notes a record of the log.
    pub fn see(&mut self, entry: &Entry) {
        if let Some(seen @ None) = self.records.get_mut(&entry.number) {
            *seen = Some(Seen { previous: entry.previous, digest: entry.digest });
        }
    }

    /// Compares the checkpoints with the export and reports those that disagree.
    pub fn finish(mut self, export: Export<'_>, report: &mut Report) {
        report.checkpoints.given = self.given;
        report.problems.append(&mut self.problems);
        self.signed.sort_by_key(|signed| signed.head.at);
        let first = self.signed.first().map(|signed| signed.head.workspace.as_str());
        let workspace = export.workspace.or(first);
        let (ours, foreign): (Vec<_>, Vec<_>) =
            self.signed.iter().partition(|signed| Some(signed.head.workspace.as_str()) == workspace);
        for Signed { place, head } in foreign {
            let message = format!("it is a checkpoint of the workspace {}", head.workspace);
            report.add(place, Reason::Foreign, message);
        }
        let over = ours.iter().map(|signed| signed.head.over_at(export.window.now)).max().unwrap_or_default();
        let over = over.max(export.log.over());
        let mut highest: Option<&SignedHead> = None;
        for Signed { place, head } in ours {
            let earlier = highest.map_or(Comparison::Agrees, |earlier| compare_heads(earlier, head));
            let comparison = match earlier {
                Comparison::Agrees | Comparison::Outside => self.compare(head, over, export),
                fails @ Comparison::Fails(..) => fails,
            };
            match comparison {
                Comparison::Agrees => report.checkpoints.agree += 1,
                Comparison::Outside => report.checkpoints.outside += 1,
                Comparison::Fails(reason, message) => {
                    report.add(place, reason, message);
                }
            }
            highest = highest.filter(|earlier| earlier.number >= head.number).or(Some(head));
        }
    }

    /// Compares a checkpoint with the export. The time of the records up to the number `over` is over.
    fn compare(&self, head: &SignedHead, over: u64, export: Export<'_>) -> Comparison {
        let seen = |number| self.records.get(&number).copied().flatten();
        let number = head.number;
        if let Some(beginning) = head.begins
            && seen(beginning.number).is_some_and(|seen| seen.previous != beginning.previous)
        {
            let number = beginning.number;
            let message = format!("record {number} had another predecessor then, so the log was computed again");
            return Comparison::Fails(Reason::Rewritten, message);
        }
        match seen(number) {
            Some(seen) if seen.digest == head.digest => return Comparison::Agrees,
            Some(_) => {
                let message = format!("record {number} had another digest then, so the log was computed again");
                return Comparison::Fails(Reason::Rewritten, message);
            }
            None => {}
        }
        let span = export.log.span();
        if let Some(message) = cut_before(head, export) {
            return Comparison::Fails(Reason::Missing, message);
        }
        let not_asked = export.window.from.is_some_and(|from| head.at <= from);
        if number <= span.last || span.records == 0 && (number <= over || not_asked) {
            return Comparison::Outside;
        }
        let message = match span.records {
            0 => format!("the log had record {number}, but the export has no records that count"),
            _ => format!("the log had record {number}, but the export ends with record {}", span.last),
        };
        let message = format!("{message}; if the export is older than the checkpoint, export again");
        Comparison::Fails(Reason::Truncated, message)
    }
}

/// Time within which a change is recorded: a record that is newer than a checkpoint by more than this was not begun before it.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// Returns what shows that records are missing before the first one, which would have to be there by a checkpoint.
fn cut_before(head: &SignedHead, Export { log, window, .. }: Export<'_>) -> Option<String> {
    let (number, span) = (head.number, log.span());
    if span.records == 0 || number >= span.first {
        return None;
    }
    let Some(from) = window.from else {
        let until = head.kept_until.filter(|until| !window.is_over(*until))?;
        return Some(format!("the log had record {number}, whose time is not over before {until}"));
    };
    // What was recorded after the checkpoint was recorded after `from`.
    let asked = head.at.checked_sub(UNDER_WAY).is_ok_and(|at| at >= from);
    let is_next = number.saturating_add(1) >= span.first;
    let is_over = log.opening().is_some_and(|until| window.is_over(until));
    (asked && !is_next && !is_over).then(|| {
        format!("the log ended with record {number} then, and the records up to {} are missing", span.first - 1)
    })
}

/// Compares a checkpoint with an earlier one.
fn compare_heads(earlier: &SignedHead, head: &SignedHead) -> Comparison {
    let SignedHead { number, at, .. } = earlier;
    if head.number < *number {
        let message = format!("the log had record {number} at {at} already, so it was computed again");
        return Comparison::Fails(Reason::Rewritten, message);
    }
    if head.number == *number && head.digest != earlier.digest {
        let message = format!("the record had another digest at {at}, so the log was computed again");
        return Comparison::Fails(Reason::Rewritten, message);
    }
    Comparison::Agrees
}
