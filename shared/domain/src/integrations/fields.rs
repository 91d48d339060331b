//! Parses the config of an integration: known fields by their own parsers, errors collected, unknown fields refused.

use crate::{
    error::MAX_FIELD_ERRORS,
    integrations::reach::{HttpsUrl, Ports},
    text::Description,
};
use serde_json::{Map, Value};
use std::{fmt::Display, str::FromStr};

/// An error in one field. It does not repeat the value that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFieldError {
    /// The name of the field.
    pub field: String,
    /// Description of the error.
    pub message: String,
}

/// The errors of a config. If there are more unknown fields than are reported per request, some are omitted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigFieldErrors(pub Vec<ConfigFieldError>);

/// A config that is being parsed.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    ports: &'a Ports,
    known: Vec<&'static str>,
    faults: Vec<ConfigFieldError>,
}

impl<'a> Fields<'a> {
    pub(super) const fn of(object: &'a Map<String, Value>, ports: &'a Ports) -> Self {
        Self { object, ports, known: Vec::new(), faults: Vec::new() }
    }

    /// Parses the text field `name`. `None` means that an error was recorded.
    pub(super) fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        match self.object.get(name) {
            None | Some(Value::Null) => {
                self.known.push(name);
                self.fault(name, "is missing");
                None
            }
            Some(_) => self.optional(name),
        }
    }

    /// Parses the text field `name`, if it is present.
    pub(super) fn optional<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        self.known.push(name);
        let parsed = match self.object.get(name)? {
            Value::Null => return None,
            Value::String(text) => text.parse().map_err(|error: T::Err| error.to_string()),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err("must be of the type string".to_owned())
            }
        };
        parsed.map_err(|message| self.fault(name, message)).ok()
    }

    /// Parses the URL field `name` of a receiver; its port must be allowed.
    pub(super) fn receiver(&mut self, name: &'static str) -> Option<HttpsUrl> {
        let url = self.required(name)?;
        self.ports.admit(&url).map_err(|closed| self.fault(name, closed.to_string())).ok()?;
        Some(url)
    }

    /// Parses the text field `name`, if it is present and not empty.
    pub(super) fn description(&mut self, name: &'static str) -> Option<Description> {
        self.optional::<Description>(name).filter(|text| !text.as_str().is_empty())
    }

    /// Returns `config` if no error was recorded.
    pub(super) fn finish<C>(mut self, config: Option<C>) -> Result<C, ConfigFieldErrors> {
        let (object, known) = (self.object, self.known.join(", "));
        let unknown = object.keys().filter(|field| !self.known.contains(&field.as_str()));
        // One more than the maximum is collected, so that the caller sees that there are more.
        let unknown: Vec<_> = unknown.take(MAX_FIELD_ERRORS + 1).cloned().collect();
        for field in unknown {
            self.fault(field, format!("unknown field; expected one of: {known}"));
        }
        config.filter(|_| self.faults.is_empty()).ok_or(ConfigFieldErrors(self.faults))
    }

    fn fault(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.faults.push(ConfigFieldError { field: field.into(), message: message.into() });
    }
}
