//! The verification of an export, line by line. This file does not know the rules, which `record` and `checkpoint` have.

use crate::{
    checkpoint::{
        agreement::{Agreement, Export},
        key::PublicKey,
    },
    problem::{Place, Position, Reason, Subject},
    record::{
        binding::Binding,
        head::Entry,
        line::{Line, SequenceName, Text},
        sequence::{Presence, Sequence},
    },
    report::Report,
    window::Window,
};
use std::io::{self, BufRead};

/// A verification.
#[derive(Debug)]
pub struct Verifier {
    window: Window,
    workspace: Option<String>,
    log: Sequence,
    before: Sequence,
    binding: Option<Binding>,
    agreement: Agreement,
    report: Report,
}

impl Verifier {
    /// Begins a verification. Without a `workspace`, it is that of the first record.
    #[must_use]
    pub fn new(window: Window, workspace: Option<String>) -> Self {
        Self {
            window,
            workspace,
            log: Sequence::default(),
            before: Sequence::default(),
            binding: None,
            agreement: Agreement::default(),
            report: Report::default(),
        }
    }

    /// Adds a file of checkpoints. All such files precede the pages, as only the records that a checkpoint names are kept.
    pub fn add_checkpoints(&mut self, file: &str, bytes: &[u8], key: &PublicKey) {
        self.agreement.add(file, bytes, key);
    }

    /// Reads the next page. Problems name `file`.
    ///
    /// # Errors
    /// The error of reading. The lines before it are verified.
    pub fn read_page(&mut self, file: Option<&str>, page: &mut impl BufRead) -> io::Result<()> {
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            if page.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            if !bytes.trim_ascii().is_empty() {
                let place = Place { file: file.map(str::to_owned), position: Position::Line(number), subject: None };
                self.read_line(&bytes, place);
            }
        }
        Ok(())
    }

    fn read_line(&mut self, bytes: &[u8], mut place: Place) {
        let line = match Line::parse(bytes) {
            Ok(line) => line,
            Err(error) => {
                self.report.add(&place, Reason::Unreadable, error.to_string());
                return;
            }
        };
        let text = Text::parse(&line.text);
        let id = text.as_ref().ok().map(|text| text.id.clone());
        place.subject = Some(Subject { sequence: line.sequence, number: line.number.get(), name: id });
        if line.compute_digest() != line.digest {
            let message = "its text, its `previous` or its digest was changed after the record was written".to_owned();
            self.report.add(&place, Reason::Altered, message);
            match line.sequence {
                SequenceName::Log => self.log.take_changed(&line, &place),
                SequenceName::Before => self.before.take_changed(&line, &place),
            }
            return;
        }
        match text {
            Ok(text) => self.take(&line, &text, &place),
            Err(error) => {
                self.report.add(&place, Reason::Unreadable, error.to_string());
            }
        }
    }

    /// Takes a record whose digest is right.
    fn take(&mut self, line: &Line, text: &Text, place: &Place) {
        if *self.workspace.get_or_insert_with(|| text.workspace.clone()) != text.workspace {
            let message = format!("it is a record of the workspace {}", text.workspace);
            self.report.add(place, Reason::Foreign, message);
            return;
        }
        for message in line.contradictions(text) {
            self.report.add(place, Reason::Altered, message);
        }
        let entry = Entry::new(line, text);
        match line.sequence {
            SequenceName::Before => {
                self.before.take(&entry, place, &self.window, &mut self.report);
            }
            SequenceName::Log => match self.log.take(&entry, place, &self.window, &mut self.report) {
                Presence::Present => self.note(&entry, text, place),
                Presence::Over => {}
            },
        }
    }

    /// Notes what the end of the verification needs of a record of the log.
    fn note(&mut self, entry: &Entry, text: &Text, place: &Place) {
        self.agreement.see(entry);
        if self.binding.is_none() {
            match Binding::parse(text, place) {
                Ok(binding) => self.binding = binding,
                Err(message) => {
                    self.report.add(place, Reason::Unreadable, message);
                }
            }
        }
    }

    /// Ends the verification.
    #[must_use]
    pub fn finish(self) -> Report {
        let Self { window, workspace, log, before, binding, agreement, mut report } = self;
        if let Some(binding) = &binding {
            binding.check(&before, &window, &mut report);
        }
        report.log = log.span();
        report.before = before.span();
        report.expired = log.expired() + before.expired();
        report.bound = binding.is_some();
        let export = Export { log: &log, window: &window, workspace: workspace.as_deref() };
        agreement.finish(export, &mut report);
        report
    }
}
