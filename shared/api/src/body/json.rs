//! Reads untrusted JSON with limits on its depth and number of values, and without repeated names in an object.
//!
//! serde_json's own `Value` silently keeps the last of repeated names, so a proxy or a log could read other values in a
//! body than Berth.

use super::errors::{FieldErrors, Step, joined};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, map::Entry};
use std::fmt;

/// Maximum nesting of objects and arrays. It is below serde_json's limit of 128 levels, so that the refusal can name
/// the field.
pub const MAX_DEPTH: usize = 120;

/// Maximum number of values in a body, including each element of an array and each field of an object. Settings of the
/// maximum size have fewer.
pub const MAX_VALUES: usize = 10_000;

/// Prefix of serde_json's private field names. It reads objects with such a field as raw JSON, so they would not
/// round-trip through the table.
const RESERVED: &str = "$serde_json::private::";

/// Parses the JSON in `bytes`.
///
/// # Errors
/// One error with the first limit that is exceeded, or with the position at which the JSON is malformed.
pub fn read_json(bytes: &[u8]) -> Result<Value, FieldErrors> {
    let mut reader = Reader { left: MAX_VALUES, stopped: None };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = Place { reader: &mut reader, depth: 0 }.deserialize(&mut json);
    value.and_then(|value| json.end().map(|()| value)).map_err(|error| match reader.stopped {
        Some(Stopped { bound, steps }) => {
            let steps = steps.iter().rev().map(|step| match step {
                OwnStep::Key(key) => Step::Key(key),
                OwnStep::Index(index) => Step::Index(*index),
            });
            FieldErrors::one(&joined(steps), bound.to_string())
        }
        // The parser's own message may echo the input.
        None => {
            FieldErrors::one("", format!("is not well-formed JSON: line {}, column {}", error.line(), error.column()))
        }
    })
}

/// A limit that a body exceeds.
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum Bound {
    #[error("must come once")]
    Repeated,
    #[error("is a reserved name; choose another one")]
    Reserved,
    #[error("is nested too deep; a body has at most {MAX_DEPTH} levels")]
    Depth,
    #[error("is one value too many; a body has at most {MAX_VALUES}")]
    Values,
}

/// Position at which reading stopped; the innermost step comes first.
struct Stopped {
    bound: Bound,
    steps: Vec<OwnStep>,
}

enum OwnStep {
    Key(String),
    Index(usize),
}

struct Reader {
    /// Number of values that may still follow.
    left: usize,
    stopped: Option<Stopped>,
}

impl Reader {
    fn stop<E: Error>(&mut self, bound: Bound) -> E {
        self.stopped = Some(Stopped { bound, steps: Vec::new() });
        E::custom(bound)
    }

    /// Adds this element or field to the position at which reading stopped.
    fn within(&mut self, step: impl FnOnce() -> OwnStep) {
        if let Some(stopped) = &mut self.stopped {
            stopped.steps.push(step());
        }
    }
}

/// Position of the next value, within `depth` arrays and objects.
struct Place<'r> {
    reader: &'r mut Reader,
    depth: usize,
}

impl Place<'_> {
    /// Returns a position within the array or object at this position.
    fn inner(&mut self) -> Place<'_> {
        Place { reader: self.reader, depth: self.depth + 1 }
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
        if self.depth < MAX_DEPTH { Ok(()) } else { Err(self.reader.stop(Bound::Depth)) }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.reader.left.checked_sub(1) {
            None => Err(self.reader.stop(Bound::Values)),
            Some(left) => {
                self.reader.left = left;
                deserializer.deserialize_any(self)
            }
        }
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut array = Vec::new();
        loop {
            match elements.next_element_seed(self.inner()) {
                Ok(Some(element)) => array.push(element),
                Ok(None) => return Ok(Value::Array(array)),
                Err(error) => {
                    self.reader.within(|| OwnStep::Index(array.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let read = match object.entry(name) {
                Entry::Occupied(field) => Err((self.reader.stop(Bound::Repeated), field.key().clone())),
                Entry::Vacant(field) if field.key().starts_with(RESERVED) => {
                    Err((self.reader.stop(Bound::Reserved), field.key().clone()))
                }
                Entry::Vacant(field) => match fields.next_value_seed(self.inner()) {
                    Ok(value) => {
                        field.insert(value);
                        Ok(())
                    }
                    Err(error) => Err((error, field.key().clone())),
                },
            };
            if let Err((error, name)) = read {
                self.reader.within(|| OwnStep::Key(name));
                return Err(error);
            }
        }
        Ok(Value::Object(object))
    }
}
