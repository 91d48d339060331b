//! The record `audit.began`, with which the log binds the records from before. This file does not know how the sequences
//! were verified.

use crate::{
    digest::Digest,
    problem::{Place, Reason},
    record::{line::Text, sequence::Sequence},
    report::Report,
    window::Window,
};
use jiff::Timestamp;
use serde::Deserialize;

/// Action of the record that binds the records from before.
const BEGAN: &str = "audit.began";

/// The records that `audit.began` binds.
#[derive(Debug)]
pub struct Binding {
    place: Place,
    covered: Covered,
}

/// Contents of `after`.
#[derive(Debug, Deserialize)]
struct Covered {
    records: u64,
    #[serde(rename = "covered", deserialize_with = "Option::deserialize")]
    digest: Option<Digest>,
    #[serde(rename = "covered_until", deserialize_with = "Option::deserialize")]
    until: Option<Timestamp>,
}

impl Binding {
    /// Parses the record; `None` if it is another.
    ///
    /// # Errors
    /// A message if `after` has other members.
    pub fn parse(text: &Text, place: &Place) -> Result<Option<Self>, String> {
        if text.action != BEGAN {
            return Ok(None);
        }
        match serde_json::from_str(text.after.get()) {
            Ok(covered) => Ok(Some(Self { place: place.clone(), covered })),
            Err(error) => Err(format!("its text does not say which records from before it binds: {error}")),
        }
    }

    /// Reports if the last record from before is not the bound one.
    pub fn check(&self, before: &Sequence, window: &Window, report: &mut Report) {
        let Covered { records, digest, until } = self.covered;
        let last = before.span().last;
        match before.last_place() {
            Some(place) if last > records => {
                let message = format!("the log binds {records} records from before, so this one was inserted later");
                report.add(place, Reason::Unlinked, message);
            }
            Some(_) if last < records => self.report_end(last, report),
            Some(place) if digest.is_none_or(|digest| !before.ends_with(digest)) => {
                let message = "the log binds another record of this number, so the records from before were rewritten";
                report.add(place, Reason::Rewritten, message.to_owned());
            }
            None if digest.is_some() && window.from.is_none() && !until.is_some_and(|until| window.is_over(until)) => {
                self.report_end(last, report);
            }
            Some(_) | None => {}
        }
    }

    fn report_end(&self, last: u64, report: &mut Report) {
        let records = self.covered.records;
        let message = match last {
            0 => format!("it binds {records} records from before, but the export has none; export all pages again"),
            _ => format!("it binds record {records} from before, but the last one is {last}; export all pages again"),
        };
        report.add(&self.place, Reason::Truncated, message);
    }
}
