//! Fields of tables, with the place of each, and the mistakes found so far.

use super::mistakes::{Mistake, Mistakes};
use std::{collections::BTreeSet, fmt::Display, str::FromStr};
use toml_span::{
    Span, Value,
    value::{Table, ValueInner},
};

/// The text of the file, and the mistakes found in it.
pub(super) struct Reader<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
}

/// A value and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// The fields of a table that were not read yet.
pub(super) struct Fields<'a> {
    table: Table<'a>,
    span: Span,
    names: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, mistakes: Vec::new() }
    }

    /// Reads the file as a table.
    pub(super) fn file(&mut self) -> Option<Fields<'a>> {
        match toml_span::parse(self.text) {
            Ok(mut value) => Fields::of(self, "the file", &mut value),
            Err(error) => {
                // The text of the error begins with the line where there is one, which the mistake says itself.
                let message = error.to_string();
                let message = message.split_once(" at line").map_or(message.as_str(), |(before, _)| before);
                self.report(error.span, format!("this is not TOML: {message}"));
                None
            }
        }
    }

    pub(super) fn report(&mut self, span: Span, message: impl Into<String>) {
        let before = self.text.as_bytes().get(..span.start.min(self.text.len())).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.mistakes.push(Mistake { line, message: message.into() });
    }

    /// Reports names that are given twice.
    pub(super) fn no_repetition<T>(&mut self, list: &str, found: &[Found<T>], name: impl Fn(&T) -> String) {
        let mut seen = BTreeSet::new();
        for Found { value, span } in found {
            let name = name(value);
            if !seen.insert(name.clone()) {
                self.report(*span, format!("`{name}` is in {list} twice; remove one of them"));
            }
        }
    }

    pub(super) const fn is_clean(&self) -> bool {
        self.mistakes.is_empty()
    }

    pub(super) fn into_mistakes(mut self) -> Mistakes {
        self.mistakes.sort();
        self.mistakes.dedup();
        Mistakes(self.mistakes)
    }
}

impl<'a> Fields<'a> {
    fn of(reader: &mut Reader<'_>, name: &str, value: &mut Value<'a>) -> Option<Self> {
        let inner = value.take();
        let kind = inner.type_str();
        let ValueInner::Table(table) = inner else {
            reader.report(value.span, format!("{name} must be a table, not {kind}"));
            return None;
        };
        Some(Self { table, span: value.span, names: Vec::new() })
    }

    /// The place of the table.
    pub(super) const fn span(&self) -> Span {
        self.span
    }

    /// True if the table has the field, and nobody has read it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    fn take(&mut self, name: &'static str) -> Option<Value<'a>> {
        self.names.push(name);
        self.table.remove(name)
    }

    fn required(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Option<Value<'a>> {
        let value = self.take(name);
        if value.is_none() {
            reader.report(self.span, format!("`{name}` is missing; add it"));
        }
        value
    }

    /// Reads a text that must be there. It lives until the process ends.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Option<&'static str> {
        let mut value = self.required(reader, name)?;
        let text = string(reader, name, &mut value)?;
        if text.trim().is_empty() {
            reader.report(value.span, format!("`{name}` is empty; write a text"));
        }
        Some(String::leak(text))
    }

    /// Reads a value that must be there and is written as a string.
    pub(super) fn parsed<T: FromStr<Err: Display>>(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Found<T>> {
        let mut value = self.required(reader, name)?;
        parse(reader, name, &mut value)
    }

    /// Reads one of `words`, by default the first.
    pub(super) fn choice<T: Copy>(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let Some(mut value) = self.take(name) else { return words.first().map(|(_, value)| *value) };
        let text = string(reader, name, &mut value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            reader.report(value.span, format!("`{name}` must be one of {}", words.join(", ")));
        }
        found
    }

    /// Reads a number between `least` and `most`, if it is there.
    pub(super) fn number(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
        (least, most): (u64, u64),
    ) -> Option<Found<u64>> {
        let value = self.take(name)?;
        number(reader, name, &value, (least, most))
    }

    /// Reads a number between `least` and `most` that must be there.
    pub(super) fn required_number(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
        (least, most): (u64, u64),
    ) -> Option<Found<u64>> {
        let value = self.required(reader, name)?;
        number(reader, name, &value, (least, most))
    }

    /// Reads `true` or `false`; false if it is not there.
    pub(super) fn flag(&mut self, reader: &mut Reader<'_>, name: &'static str) -> bool {
        let Some(value) = self.take(name) else { return false };
        value.as_bool().unwrap_or_else(|| {
            reader.report(value.span, format!("`{name}` must be true or false"));
            false
        })
    }

    /// Reads a list of values that are written as strings; empty if it is not there.
    pub(super) fn list<T: FromStr<Err: Display>>(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Vec<Found<T>> {
        let Some(mut value) = self.take(name) else { return Vec::new() };
        array(reader, name, &mut value).iter_mut().filter_map(|value| parse(reader, name, value)).collect()
    }

    /// Reads a list of tables (`[[name]]`); empty if it is not there.
    pub(super) fn tables(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Vec<Self> {
        let Some(mut value) = self.take(name) else { return Vec::new() };
        array(reader, name, &mut value).iter_mut().filter_map(|value| Self::of(reader, name, value)).collect()
    }

    /// Reads a table, if it is there.
    pub(super) fn table(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Option<Self> {
        let mut value = self.take(name)?;
        Self::of(reader, name, &mut value)
    }

    /// Reads all remaining fields, whose names are known only to the file.
    pub(super) fn entries(&mut self) -> Vec<(Found<String>, Value<'a>)> {
        let table = std::mem::take(&mut self.table);
        table.into_iter().map(|(key, value)| (Found { value: key.name.into_owned(), span: key.span }, value)).collect()
    }

    /// Reports the fields that nobody has read.
    pub(super) fn finish(self, reader: &mut Reader<'_>) {
        let names = self.names.join(", ");
        for key in self.table.into_keys() {
            reader.report(key.span, format!("`{}` is unknown here; expected one of: {names}", key.name));
        }
    }
}

fn string(reader: &mut Reader<'_>, name: &str, value: &mut Value<'_>) -> Option<String> {
    match value.take_string(None) {
        Ok(text) => Some(text.into_owned()),
        Err(_) => {
            reader.report(value.span, format!("`{name}` must be a text in quotation marks"));
            None
        }
    }
}

fn parse<T: FromStr<Err: Display>>(reader: &mut Reader<'_>, name: &str, value: &mut Value<'_>) -> Option<Found<T>> {
    let text = string(reader, name, value)?;
    match text.parse() {
        Ok(parsed) => Some(Found { value: parsed, span: value.span }),
        Err(error) => {
            reader.report(value.span, format!("`{name}` {error}"));
            None
        }
    }
}

fn array<'a>(reader: &mut Reader<'_>, name: &str, value: &mut Value<'a>) -> Vec<Value<'a>> {
    let inner = value.take();
    let kind = inner.type_str();
    let ValueInner::Array(values) = inner else {
        reader.report(value.span, format!("`{name}` must be a list, not {kind}"));
        return Vec::new();
    };
    values
}

/// Reads `value` as a number between `least` and `most`.
pub(super) fn number(
    reader: &mut Reader<'_>,
    name: &str,
    value: &Value<'_>,
    (least, most): (u64, u64),
) -> Option<Found<u64>> {
    let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
    let number = number.filter(|number| (least..=most).contains(number));
    if number.is_none() {
        reader.report(value.span, format!("`{name}` must be a whole number from {least} to {most}"));
    }
    number.map(|value_| Found { value: value_, span: value.span })
}
