//! Fields of a model, read from its debug output: the models derive `Debug`, which names every field at every depth.

use serde_json::Value;
use std::str::Lines;

/// Parts of a printed value.
pub(crate) enum Printed {
    Struct { name: String, fields: Vec<(String, Printed)> },
    Seq(Vec<Printed>),
    Leaf,
}

impl Printed {
    /// Parses the output of `{:#?}`.
    pub(crate) fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        Self::value(first, &mut lines)
    }

    fn value(first: &str, lines: &mut Lines<'_>) -> Self {
        match first.trim().trim_end_matches(',') {
            // A map, whose keys are data.
            "{" => {
                Self::items(lines, "}", |line, lines| drop(Self::value(after_key(line), lines)));
                Self::Leaf
            }
            open if open.ends_with(" {") => {
                let mut fields = Vec::new();
                Self::items(lines, "}", |line, lines| {
                    let (name, rest) = line.split_once(": ").unwrap();
                    fields.push((name.trim_end_matches('_').to_owned(), Self::value(rest, lines)));
                });
                Self::Struct { name: open.trim_end_matches(" {").to_owned(), fields }
            }
            // `Some(..)`, `Id(..)`, `Object(..)`: only the inner value matters.
            open if open.ends_with('(') => {
                let mut within = Self::Leaf;
                Self::items(lines, ")", |line, lines| within = Self::value(line, lines));
                within
            }
            "[" => {
                let mut items = Vec::new();
                Self::items(lines, "]", |line, lines| items.push(Self::value(line, lines)));
                Self::Seq(items)
            }
            _ => Self::Leaf,
        }
    }

    fn items<'a>(lines: &mut Lines<'a>, close: &str, mut each: impl FnMut(&'a str, &mut Lines<'a>)) {
        while let Some(line) = lines.next() {
            if line.trim().trim_end_matches(',') == close {
                return;
            }
            each(line.trim(), lines);
        }
    }

    /// Records each field that is not among the keys as `Struct.field`, and each key that is not a field as `Struct
    /// +key`.
    pub(crate) fn compare(&self, sent: &Value, differences: &mut Vec<String>) {
        match (self, sent) {
            (Self::Struct { name, fields }, Value::Object(keys)) => {
                for (field, printed) in fields {
                    match keys.get(field) {
                        Some(value) => printed.compare(value, differences),
                        None => differences.push(format!("{name}.{field}")),
                    }
                }
                let known = |key: &str| key == "object" || fields.iter().any(|(field, _)| field == key);
                differences.extend(keys.keys().filter(|key| !known(key)).map(|key| format!("{name} +{key}")));
            }
            (Self::Seq(items), Value::Array(values)) => {
                assert_eq!(items.len(), values.len());
                items.iter().zip(values).for_each(|(item, value)| item.compare(value, differences));
            }
            (Self::Struct { .. } | Self::Seq(_) | Self::Leaf, _) => {}
        }
    }
}

fn after_key(line: &str) -> &str {
    line.split_once(": ").map_or("", |(_, rest)| rest)
}
