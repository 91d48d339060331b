//! Parses requests into domain types and collects the errors of all fields.

mod errors;
mod json;

pub use errors::{FieldError, FieldErrors};
pub use json::{MAX_DEPTH, MAX_VALUES, read_json};

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use domain::{
    audit::record::AuditAction,
    billing::return_url::ReturnUrl,
    email::Email,
    identity::access::Role,
    identity::profile::{Edit, Language},
    ids::{DeletionId, DeliveryId, InvitationId, KeyId, NotificationId, UserId, WorkspaceId},
    integrations::{Event, IntegrationType},
    keys::{
        network::Network,
        record::{Networks, Overlap, Validity},
        scope::{KeyScope, KeyScopes},
    },
    named,
    notifications::{
        mailing::{mode::EmailMode, quiet_hours::ClockTime},
        published::{PagePath, PublishKey, PublishedData},
        shelf::{Category, NotificationType},
    },
    operator::dead_letters::DeadLetterQueue,
    page::Limit,
    plans::{
        money::{Currency, Interval},
        names::{AddonName, MeterName, PlanName},
    },
    team::invitation_token::InvitationReference,
    team::member::MemberStatus,
    text::{
        AuditTarget, Description, IntegrationName, KeyName, NotificationBody, NotificationTitle, OperatorReason,
        PersonName, Timezone, WorkspaceName,
    },
    usage::{Amount, CalendarMonth, InvalidAmount, UsageDay, UsageKey},
    workspace::head::Settings,
};
use jiff::Timestamp;
use serde_json::map::Entry;
use std::{collections::BTreeSet, fmt::Display, str::FromStr};

/// A part of a request, or a filter of a list, without fields.
#[derive(Debug, Clone, Copy, Default, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Nothing {}

named! {
    /// A yes or no in a query, whose values are texts.
    pub enum Flag or UnknownFlag {
        /// Yes.
        Yes = "true",
        /// No.
        No = "false",
    }
}

/// Parses a domain type from a string with its own parser.
fn from_text<T, V>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<T, FieldErrors>
where
    T: FromStr<Err: Display>,
    V: IntoValue,
{
    match String::deserialize_from_value(value, location) {
        Ok(text) => text.parse().map_err(|error: T::Err| FieldErrors::at(location, error.to_string())),
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
    AuditTarget,
    CalendarMonth,
    UsageDay,
    Currency,
    Category,
    ClockTime,
    DeadLetterQueue,
    DeletionId,
    DeliveryId,
    Description,
    Email,
    EmailMode,
    Event,
    Flag,
    InvitationId,
    IntegrationName,
    KeyId,
    KeyName,
    KeyScope,
    Network,
    IntegrationType,
    Interval,
    Language,
    Limit,
    MemberStatus,
    MeterName,
    NotificationBody,
    NotificationId,
    NotificationTitle,
    NotificationType,
    OperatorReason,
    PagePath,
    PublishKey,
    PlanName,
    AddonName,
    InvitationReference,
    PersonName,
    ReturnUrl,
    Role,
    Timezone,
    UsageKey,
    UserId,
    WorkspaceId,
    WorkspaceName,
);

/// Reads an object with any fields.
fn object<V: IntoValue>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
) -> Result<serde_json::Map<String, serde_json::Value>, FieldErrors> {
    if !matches!(value, Value::Map(_)) {
        return Err(FieldErrors::at(location, "must be of the type map"));
    }
    let object = std::collections::BTreeMap::<String, serde_json::Value>::deserialize_from_value(value, location)?;
    Ok(serde_json::Map::from_iter(object))
}

impl Deserr<FieldErrors> for Settings {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Self::try_from(object(value, location)?).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

impl Deserr<FieldErrors> for PublishedData {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Self::try_from(object(value, location)?).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

/// A moment in a query or a body.
impl Deserr<FieldErrors> for Timestamp {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let text = String::deserialize_from_value(value, location)?;
        text.parse().map_err(|_| FieldErrors::at(location, "must be a time such as 2026-11-21T12:00:00Z (RFC 3339)"))
    }
}

/// A field that null clears. An omitted field has its default, which keeps the current value.
impl<T: Deserr<FieldErrors>> Deserr<FieldErrors> for Edit<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Ok(Option::<T>::deserialize_from_value(value, location)?.map_or(Self::Clear, Self::Set))
    }
}

/// A number of days.
impl Deserr<FieldErrors> for Validity {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let days = u16::deserialize_from_value(value, location)?;
        Self::of_days(days).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

/// A number of hours.
impl Deserr<FieldErrors> for Overlap {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let hours = u16::deserialize_from_value(value, location)?;
        Self::of_hours(hours).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

impl Deserr<FieldErrors> for KeyScopes {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let scopes = BTreeSet::<KeyScope>::deserialize_from_value(value, location)?;
        Self::new(scopes).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

impl Deserr<FieldErrors> for Networks {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let networks = Vec::<Network>::deserialize_from_value(value, location)?;
        Self::try_from(networks).map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

/// A whole JSON number, not a string and without a fraction.
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
        amount.map_err(|error| FieldErrors::at(location, error.to_string()))
    }
}

/// Parses `T` from the JSON in `bytes`.
///
/// # Errors
/// The error of [`read_json`], or the errors of the fields.
pub fn from_json<T: Deserr<FieldErrors>>(bytes: &[u8]) -> Result<T, FieldErrors> {
    from_value(read_json(bytes)?)
}

/// Parses `T` from the JSON in `bytes`. If a field is invalid, the errors that `further` finds in the fields of the body are
/// added: those of a later check, which is not reached then.
///
/// # Errors
/// The error of [`read_json`], or the errors of the fields.
pub fn from_json_or<T: Deserr<FieldErrors>>(
    bytes: &[u8],
    further: impl FnOnce(Fields<'_>) -> FieldErrors,
) -> Result<T, FieldErrors> {
    let value = read_json(bytes)?;
    let further = value.as_object().map(|object| further(Fields(object))).unwrap_or_default();
    from_value(value).map_err(|errors: FieldErrors| errors.and(further))
}

/// The fields of a body of which others may be invalid.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a serde_json::Map<String, serde_json::Value>);

impl Fields<'_> {
    /// The value of the string `field`, if it is valid.
    #[must_use]
    pub fn text<T: FromStr>(self, field: &str) -> Option<T> {
        self.0.get(field)?.as_str()?.parse().ok()
    }

    /// The names of the fields of the object `field`.
    #[must_use]
    pub fn names(self, field: &str) -> Vec<String> {
        let object = self.0.get(field).and_then(serde_json::Value::as_object);
        object.map(|object| object.keys().cloned().collect()).unwrap_or_default()
    }

    /// True if `field` is missing or null.
    #[must_use]
    pub fn lack(self, field: &str) -> bool {
        self.0.get(field).is_none_or(serde_json::Value::is_null)
    }

    /// True if `field` is missing, null or false.
    #[must_use]
    pub fn deny(self, field: &str) -> bool {
        self.lack(field) || self.0.get(field).is_some_and(|value| value == false)
    }
}

/// Parses `T` from JSON that [`read_json`] has accepted.
///
/// # Errors
/// The errors of the fields.
pub fn from_value<T: Deserr<FieldErrors>>(value: serde_json::Value) -> Result<T, FieldErrors> {
    deserr::deserialize(value)
}

/// Parses `T` from pairs of names and strings.
///
/// # Errors
/// The errors of the fields.
pub fn from_texts<T: Deserr<FieldErrors>>(texts: impl IntoIterator<Item = (String, String)>) -> Result<T, FieldErrors> {
    let mut object = serde_json::Map::new();
    for (name, text) in texts {
        match object.entry(name) {
            Entry::Occupied(twice) => return Err(FieldErrors::one(twice.key(), "must come once")),
            Entry::Vacant(field) => drop(field.insert(text.into())),
        }
    }
    from_value(serde_json::Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

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
            Err(errors) => {
                let lines = errors.into_kept().into_iter();
                lines.map(|FieldError { field, message, .. }| format!("{field}: {message}\n")).collect()
            }
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn all_errors_of_a_body_are_reported_together() {
        check(
            r#"{"emial": "ben@example.com", "role": "root", "settings": []}"#,
            expect![[r#"
                emial: unknown field; expected one of: email, role, settings
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
    fn invalid_json_is_not_echoed() {
        check(
            "{\"secret",
            expect![[r#"
            : is not well-formed JSON: line 1, column 8
        "#]],
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |levels: usize| {
            let inner = levels - 2;
            format!(r#"{{"email": 1, "settings": {{"a": {}{}}}}}"#, "[".repeat(inner), "]".repeat(inner))
        };
        check(
            &nested(MAX_DEPTH),
            expect![[r#"
            email: must be of the type string
        "#]],
        );
        check(
            &nested(MAX_DEPTH + 1),
            expect![[r#"
                settings.a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]…: is nested too deep; a body has at most 120 levels
            "#]],
        );
        check(
            &"[".repeat(100_000),
            expect![[r#"
                [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][…: is nested too deep; a body has at most 120 levels
            "#]],
        );
    }

    #[test]
    fn the_number_of_values_is_bounded() {
        // The body, its two fields and the one of the settings are values, too.
        let with =
            |elements: usize| format!(r#"{{"email": 1, "settings": {{"a": [{}]}}}}"#, vec!["1"; elements].join(","));
        assert!(read_json(with(MAX_VALUES - 4).as_bytes()).is_ok());
        check(
            &with(MAX_VALUES - 3),
            expect![[r#"
            settings.a[9996]: is one value too many; a body has at most 10000
        "#]],
        );
    }

    #[test]
    fn the_largest_settings_have_fewer_values_than_a_body_may_have() {
        let array = vec![0; (Settings::MAX_BYTES - "{\"a\":[]}".len()).div_ceil(2)];
        let settings = serde_json::json!({ "a": array });
        assert!(Settings::try_from(settings.as_object().unwrap().clone()).is_ok());
        let body = serde_json::json!({"email": "ben@example.com", "settings": settings});
        assert!(from_json::<Sample>(body.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn repeated_name_in_an_object_is_refused() {
        check(
            r#"{"email": "ben@example.com", "email": "ana@example.com"}"#,
            expect![[r#"
            email: must come once
        "#]],
        );
        check(
            r#"{"email": "ben@example.com", "settings": {"a": [{}, {"b": 1, "\u0062": 2}]}}"#,
            expect![[r#"
            settings.a[1].b: must come once
        "#]],
        );
    }

    #[test]
    fn errors_are_limited_and_long_names_are_cut() {
        let fields = |number: usize| {
            let fields: Vec<_> = (0..number).map(|n| format!(r#""{n}{}": 1"#, "\u{202e}x".repeat(100))).collect();
            format!("{{{}}}", fields.join(","))
        };
        // The missing address is the last error.
        let errors = from_json::<Sample>(fields(FieldErrors::MAX - 1).as_bytes()).unwrap_err();
        assert_eq!((errors.is_cut(), errors.clone().into_kept().len()), (false, FieldErrors::MAX));
        let errors = from_json::<Sample>(fields(FieldErrors::MAX).as_bytes()).unwrap_err();
        assert!(errors.is_cut());
        let errors = errors.into_kept();
        assert_eq!(errors.len(), FieldErrors::MAX);
        assert_eq!(errors[0].field, format!("0{}\u{fffd}…", "\u{fffd}x".repeat(49)));
        let many: Vec<_> = (0..100).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(from_texts::<Sample>(many).unwrap_err().into_kept().len(), FieldErrors::MAX);
    }

    proptest! {
        /// serde_json treats objects with one of its private names specially, so such a body would not round-trip
        /// through the table.
        #[test]
        fn accepted_json_round_trips(
            name in prop_oneof![Just("$serde_json::private::RawValue".to_owned()),
                                Just("$serde_json::private::Number".to_owned()), "\\PC{0,4}"],
            text in prop_oneof![Just("{}".to_owned()), "\\PC{0,8}"],
        ) {
            let body = serde_json::json!({"a": [{name: text}]}).to_string();
            if let Ok(value) = read_json(body.as_bytes()) {
                let again: serde_json::Value = serde_json::from_str(&value.to_string()).unwrap();
                prop_assert_eq!(again, value);
            }
        }
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
