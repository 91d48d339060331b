//! Errors of a request's fields. The client controls the number and the names of invalid fields, so an answer names at
//! most [`FieldErrors::MAX`] of them and cuts long names.

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValuePointerRef};
use domain::{error::MAX_FIELD_ERRORS, text::is_deceptive};
use serde::Serialize;
use std::ops::ControlFlow;

/// Error of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Part of the request that contains the field: `body`, `query`, `path` or `header`.
    pub r#in: &'static str,
    /// Name of the field, or its path within the body. Names longer than 100 characters are cut.
    pub field: String,
    /// Description of the error.
    pub message: String,
}

/// Errors of a request's fields, in the order in which they were found. Errors beyond the first [`FieldErrors::MAX`]
/// are dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors {
    kept: Vec<FieldError>,
    cut: bool,
}

impl FieldErrors {
    /// Maximum number of errors.
    pub const MAX: usize = MAX_FIELD_ERRORS;

    /// Maximum length of a name in characters.
    pub const MAX_NAME: usize = 100;

    /// Builds a single error of a field of the body.
    #[must_use]
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self::default().with(field, message)
    }

    /// Adds the error `message` of `field` in the body.
    #[must_use]
    pub fn with(mut self, field: &str, message: impl Into<String>) -> Self {
        self.push("body", field, message);
        self
    }

    /// Adds the errors of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.absorb(other);
        self
    }

    /// Adds the error `message` of `field` in this part of the request.
    pub(crate) fn push(&mut self, part: &'static str, field: &str, message: impl Into<String>) {
        if self.is_full() {
            self.cut = true;
        } else {
            self.kept.push(FieldError { r#in: part, field: shortened(field), message: message.into() });
        }
    }

    /// Adds the errors of `other`.
    pub(crate) fn absorb(&mut self, other: Self) {
        let room = Self::MAX.saturating_sub(self.kept.len());
        self.cut |= other.cut || other.kept.len() > room;
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// Assigns all errors to this part of the request.
    #[must_use]
    pub(crate) fn in_part(mut self, part: &'static str) -> Self {
        self.kept.iter_mut().for_each(|error| error.r#in = part);
        self
    }

    /// Returns `value` if there are no errors.
    ///
    /// # Errors
    /// All errors, if there are any.
    pub fn none_or<T>(self, value: T) -> Result<T, Self> {
        if self.kept.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Returns true if further errors would be dropped.
    const fn is_full(&self) -> bool {
        self.kept.len() >= Self::MAX
    }

    /// Returns true if errors were dropped.
    pub(crate) const fn is_cut(&self) -> bool {
        self.cut
    }

    pub(crate) fn into_kept(self) -> Vec<FieldError> {
        self.kept
    }

    pub(super) fn at(location: ValuePointerRef<'_>, message: impl Into<String>) -> Self {
        Self::one(&path(location), message)
    }
}

/// Returns `name` as shown in answers: without invisible characters, and cut.
fn shortened(name: &str) -> String {
    let mut rest = name.chars().map(|c| if is_deceptive(c) { char::REPLACEMENT_CHARACTER } else { c });
    let mut short: String = rest.by_ref().take(FieldErrors::MAX_NAME).collect();
    if rest.next().is_some() {
        short.push('…');
    }
    short
}

/// One step of the path to a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Joins the steps of a path: `a.b[2]` is element 2 of `b` within `a`. Stops at the length that is shown.
pub(super) fn joined<'a>(steps: impl IntoIterator<Item = Step<'a>>) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(key.chars().take(FieldErrors::MAX_NAME + 1));
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
        if path.len() > FieldErrors::MAX_NAME * char::MAX_LEN_UTF8 {
            break;
        }
    }
    path
}

fn path(location: ValuePointerRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = location;
    loop {
        at = match at {
            ValuePointerRef::Origin => break,
            ValuePointerRef::Key { key, prev } => {
                steps.push(Step::Key(key));
                *prev
            }
            ValuePointerRef::Index { index, prev } => {
                steps.push(Step::Index(index));
                *prev
            }
        };
    }
    joined(steps.into_iter().rev())
}

/// Stops deserialization once further errors would be dropped.
fn continue_unless_cut(errors: FieldErrors) -> ControlFlow<FieldErrors, FieldErrors> {
    if errors.cut { ControlFlow::Break(errors) } else { ControlFlow::Continue(errors) }
}

impl MergeWithError<Self> for FieldErrors {
    fn merge(before: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = before.unwrap_or_default();
        errors.absorb(other);
        continue_unless_cut(errors)
    }
}

impl DeserializeError for FieldErrors {
    fn error<V: IntoValue>(
        before: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut errors = before.unwrap_or_default();
        if errors.is_full() {
            errors.cut = true;
            return continue_unless_cut(errors);
        }
        errors.absorb(match error {
            ErrorKind::IncorrectValueKind { accepted, .. } => {
                let kinds: Vec<_> = accepted.iter().map(|kind| kind.to_string().to_lowercase()).collect();
                Self::at(location, format!("must be of the type {}", kinds.join(" or ")))
            }
            ErrorKind::MissingField { field } => Self::at(location.push_key(field), "is missing"),
            ErrorKind::UnknownKey { key, accepted } => {
                let message = match accepted {
                    [] => "unknown field; no fields are expected".to_owned(),
                    accepted => format!("unknown field; expected one of: {}", accepted.join(", ")),
                };
                Self::at(location.push_key(key), message)
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                Self::at(location, format!("must be one of {}", accepted.join(", ")))
            }
            ErrorKind::BadSequenceLen { expected, .. } => Self::at(location, format!("must have {expected} elements")),
            ErrorKind::Unexpected { msg } => Self::at(location, msg),
        });
        continue_unless_cut(errors)
    }
}
