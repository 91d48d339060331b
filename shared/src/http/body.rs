//! Parsing what a client sends into domain types, with every error of every field collected on the way.

use crate::domain::{
    access::Role,
    audit::AuditAction,
    email::Email,
    ids::{DeletionId, DeliveryId, InvitationId, UserId, WorkspaceId},
    integration::{Event, IntegrationType},
    invitation_token::PresentedToken,
    member::MemberStatus,
    page::Limit,
    plan::{Interval, Plan},
    return_url::ReturnUrl,
    text::{Description, IntegrationName, Timezone, WorkspaceName},
    usage::{Amount, Day, InvalidAmount, Meter, UsageKey},
    workspace::Settings,
};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, Value, ValuePointerRef};
use serde::Serialize;
use std::{fmt::Display, ops::ControlFlow, str::FromStr};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where the field is: body, query, path or header.
    pub r#in: &'static str,
    /// Its name; in a body, its path.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// All that is wrong with one part of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(pub(super) Vec<(String, String)>);

impl FieldErrors {
    fn one(location: ValuePointerRef<'_>, message: String) -> Self {
        Self(vec![(path(location), message)])
    }

    /// The same, and that `field` is wrong as `message` says.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.push((field.into(), message.into()));
        self
    }

    /// `value`, if nothing is wrong.
    ///
    /// # Errors
    /// All that is.
    pub fn none_or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    fn and(self, other: Option<Self>) -> Self {
        Self(other.map(|first| first.0).unwrap_or_default().into_iter().chain(self.0).collect())
    }

    /// The same, with the part of the request that they are in.
    pub(super) fn of(self, part: &'static str) -> impl Iterator<Item = FieldError> {
        self.0.into_iter().map(move |(field, message)| FieldError { r#in: part, field, message })
    }
}

/// `a.b[2]` for the element 2 of `b` within `a`.
fn path(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => match path(*prev) {
            outer if outer.is_empty() => key.to_owned(),
            outer => format!("{outer}.{key}"),
        },
        ValuePointerRef::Index { index, prev } => format!("{}[{index}]", path(*prev)),
    }
}

impl MergeWithError<Self> for FieldErrors {
    fn merge(before: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        ControlFlow::Continue(other.and(before))
    }
}

impl DeserializeError for FieldErrors {
    fn error<V: IntoValue>(
        before: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let found = match error {
            ErrorKind::IncorrectValueKind { accepted, .. } => {
                let kinds: Vec<_> = accepted.iter().map(|kind| kind.to_string().to_lowercase()).collect();
                Self::one(location, format!("must be of the type {}", kinds.join(" or ")))
            }
            ErrorKind::MissingField { field } => Self::one(location.push_key(field), "is missing".to_owned()),
            ErrorKind::UnknownKey { key, accepted } => {
                let message = match accepted {
                    [] => "is not a known field; there are none".to_owned(),
                    accepted => format!("is not a known field; there are {}", accepted.join(", ")),
                };
                Self::one(location.push_key(key), message)
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                Self::one(location, format!("must be one of {}", accepted.join(", ")))
            }
            ErrorKind::BadSequenceLen { expected, .. } => Self::one(location, format!("must have {expected} elements")),
            ErrorKind::Unexpected { msg } => Self::one(location, msg),
        };
        ControlFlow::Continue(found.and(before))
    }
}

/// A part of a request that has no fields, or a list's filter that has none.
#[derive(Debug, Clone, Copy, Default, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Nothing {}

/// Reads a domain type from a text by its own parser.
fn from_text<T, V>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<T, FieldErrors>
where
    T: FromStr<Err: Display>,
    V: IntoValue,
{
    match String::deserialize_from_value(value, location) {
        Ok(text) => text.parse().map_err(|error: T::Err| FieldErrors::one(location, error.to_string())),
        Err(wrong) => Err(wrong),
    }
}

macro_rules! read_from_text {
    ($($name:ty),* $(,)?) => {$(
        impl Deserr<FieldErrors> for $name {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                location: ValuePointerRef<'_>,
            ) -> Result<Self, FieldErrors> {
                from_text(value, location)
            }
        }
    )*};
}

read_from_text!(
    AuditAction,
    Day,
    DeletionId,
    DeliveryId,
    Description,
    Email,
    Event,
    InvitationId,
    IntegrationName,
    IntegrationType,
    Interval,
    Limit,
    MemberStatus,
    Meter,
    Plan,
    PresentedToken,
    ReturnUrl,
    Role,
    Timezone,
    UsageKey,
    UserId,
    WorkspaceId,
    WorkspaceName,
);

impl Deserr<FieldErrors> for Settings {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        if !matches!(value, Value::Map(_)) {
            return Err(FieldErrors::one(location, "must be of the type map".to_owned()));
        }
        let object = std::collections::BTreeMap::<String, serde_json::Value>::deserialize_from_value(value, location)?;
        Self::try_from(serde_json::Map::from_iter(object))
            .map_err(|error| FieldErrors::one(location, error.to_string()))
    }
}

/// A whole number as JSON has it: neither a text nor one with a fraction.
impl Deserr<FieldErrors> for Amount {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let amount = match value {
            Value::Integer(number) => Self::try_from(number),
            Value::NegativeInteger(_)
            | Value::Float(_)
            | Value::Null
            | Value::Boolean(_)
            | Value::String(_)
            | Value::Sequence(_)
            | Value::Map(_) => Err(InvalidAmount),
        };
        amount.map_err(|error| FieldErrors::one(location, error.to_string()))
    }
}

/// Reads `T` from the JSON in `bytes`.
///
/// # Errors
/// Every error of every field.
pub fn from_json<T: Deserr<FieldErrors>>(bytes: &[u8]) -> Result<T, FieldErrors> {
    let value: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|error| FieldErrors(vec![(String::new(), format!("is not well-formed JSON: {}", place(&error)))]))?;
    deserr::deserialize(value)
}

/// Where the JSON breaks off. The parser's own message may repeat what was sent.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// Reads `T` from names and texts.
///
/// # Errors
/// Every error of every field.
pub fn from_texts<T: Deserr<FieldErrors>>(texts: impl IntoIterator<Item = (String, String)>) -> Result<T, FieldErrors> {
    let mut object = serde_json::Map::new();
    for (name, text) in texts {
        if object.insert(name.clone(), text.into()).is_some() {
            return Err(FieldErrors(vec![(name, "must come once".to_owned())]));
        }
    }
    deserr::deserialize(serde_json::Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[derive(Debug, Deserr)]
    #[deserr(error = FieldErrors, deny_unknown_fields)]
    struct Sample {
        email: Email,
        #[deserr(default)]
        role: Option<Role>,
        #[deserr(default)]
        settings: Option<Settings>,
    }

    #[track_caller]
    fn check(json: &str, wanted: Expect) {
        let said = match from_json::<Sample>(json.as_bytes()) {
            Ok(Sample { email, role, settings }) => format!("{} {role:?} {settings:?}\n", email.written()),
            Err(errors) => errors.0.into_iter().map(|(field, message)| format!("{field}: {message}\n")).collect(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn every_error_of_a_body_is_told_at_once() {
        check(
            r#"{"emial": "ben@example.com", "role": "root", "settings": []}"#,
            expect![[r#"
                emial: is not a known field; there are email, role, settings
                role: must be one of viewer, member, admin, owner
                settings: must be of the type map
                email: is missing
            "#]],
        );
    }

    #[test]
    fn types_are_not_guessed() {
        check(
            r#"{"email": 7}"#,
            expect![[r#"
            email: must be of the type string
        "#]],
        );
        check(
            r#"[]"#,
            expect![[r#"
            : must be of the type map
        "#]],
        );
        check(
            r#"{"email": "ben@example.com", "role": null}"#,
            expect![[r#"
            ben@example.com None None
        "#]],
        );
    }

    #[test]
    fn what_is_no_json_is_not_repeated() {
        check(
            "{\"secret",
            expect![[r#"
            : is not well-formed JSON: line 1, column 8
        "#]],
        );
        check(
            &"[".repeat(100_000),
            expect![[r#"
            : is not well-formed JSON: line 1, column 128
        "#]],
        );
    }

    #[test]
    fn settings_have_a_size() {
        let large = format!(r#"{{"email": "ben@example.com", "settings": {{"x": "{}"}}}}"#, "y".repeat(17_000));
        check(
            &large,
            expect![[r#"
            settings: must have at most 16384 bytes as JSON
        "#]],
        );
    }
}
