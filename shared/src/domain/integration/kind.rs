//! The types of integrations. Each that works has a module of its own; the list at the end of this file is the one place
//! that names them all.

use super::fields::{Faults, Fields};
use crate::domain::text::IntegrationName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{fmt, str::FromStr};

/// The service that an integration connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationType {
    /// Datadog, which takes events.
    Datadog,
    /// Discord, through a channel's webhook.
    Discord,
    /// GitHub, through a repository's dispatch event.
    Github,
    /// Microsoft Teams, through a workflow's webhook.
    MicrosoftTeams,
    /// `PagerDuty`, which takes alerts.
    Pagerduty,
    /// Sentry.
    Sentry,
    /// Slack, through an incoming webhook.
    Slack,
    /// Any HTTPS server, signed as Standard Webhooks says. <https://www.standardwebhooks.com>
    Webhook,
}

/// A text that names no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", IntegrationType::ALL.map(IntegrationType::name).join(", "))]
pub struct UnknownType;

impl IntegrationType {
    /// All types, by name, whether they work yet or not.
    pub const ALL: [Self; 8] = [
        Self::Datadog,
        Self::Discord,
        Self::Github,
        Self::MicrosoftTeams,
        Self::Pagerduty,
        Self::Sentry,
        Self::Slack,
        Self::Webhook,
    ];

    /// The name in requests, answers and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Datadog => "datadog",
            Self::Discord => "discord",
            Self::Github => "github",
            Self::MicrosoftTeams => "microsoft_teams",
            Self::Pagerduty => "pagerduty",
            Self::Sentry => "sentry",
            Self::Slack => "slack",
            Self::Webhook => "webhook",
        }
    }

    /// What an integration of this type is called that nobody named.
    #[must_use]
    pub fn usual_name(self) -> IntegrationName {
        let name = match self {
            Self::Datadog => "Datadog",
            Self::Discord => "Discord",
            Self::Github => "GitHub",
            Self::MicrosoftTeams => "Microsoft Teams",
            Self::Pagerduty => "PagerDuty",
            Self::Sentry => "Sentry",
            Self::Slack => "Slack",
            Self::Webhook => "Webhook",
        };
        IntegrationName::fixed(name)
    }

    /// Whether integrations of this type can be set up.
    #[must_use]
    pub fn works(self) -> bool {
        WORKING.contains(&self)
    }
}

impl fmt::Display for IntegrationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for IntegrationType {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<Self, UnknownType> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(UnknownType)
    }
}

/// The names of the types that can be set up.
pub(super) fn working_names() -> String {
    WORKING.map(IntegrationType::name).join(", ")
}

/// From a list of types and their modules: the modules, [`Config`] and [`WORKING`].
///
/// A module has a struct `Config`, whose fields are the config's and which serializes as it is shown and stored;
/// `Config::read`, which takes them from [`Fields`]; and `secret`, which says whether a text is a secret of its kind.
macro_rules! kinds {
    ($($kind:ident in $module:ident;)*) => {
        $(mod $module;)*

        /// The types that can be set up, by name.
        pub const WORKING: [IntegrationType; [$(stringify!($kind)),*].len()] = [$(IntegrationType::$kind),*];

        /// What an integration was told, by its type.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Config {
            $(
                #[doc = concat!("Of the type ", stringify!($module), ".")]
                $kind($module::Config),
            )*
        }

        impl Config {
            /// The type it is of.
            #[must_use]
            pub const fn kind(&self) -> IntegrationType {
                match self {
                    $(Self::$kind(_) => IntegrationType::$kind,)*
                }
            }

            /// Reads what a client sent for an integration of the type `kind`; `None` if that does not work yet.
            ///
            /// # Errors
            /// [`Faults`].
            pub fn read(kind: IntegrationType, object: &Map<String, Value>) -> Option<Result<Self, Faults>> {
                $(if kind == IntegrationType::$kind {
                    let mut fields = Fields::of(object);
                    let config = $module::Config::read(&mut fields);
                    return Some(fields.finish(config).map(Self::$kind));
                })*
                None
            }

            /// What was stored of an integration of the type `kind`, if it can be read.
            #[must_use]
            pub fn stored(kind: IntegrationType, value: Value) -> Option<Self> {
                $(if kind == IntegrationType::$kind {
                    return serde_json::from_value(value).ok().map(Self::$kind);
                })*
                None
            }

            /// Reads the secret of an integration of the type `kind`; `None` if that does not work yet.
            ///
            /// # Errors
            /// What is wrong with it, without repeating it.
            pub fn secret(kind: IntegrationType, text: &str) -> Option<Result<crate::domain::secret::Secret, String>> {
                $(if kind == IntegrationType::$kind {
                    return Some($module::secret(text).map_err(|error| error.to_string()));
                })*
                None
            }
        }
    };
}

// By name. A new one is a line here and a file beside this one.
kinds! {
    Webhook in webhook;
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn a_type_is_read_as_it_is_written() {
        for kind in IntegrationType::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.usual_name().as_str().parse(), Ok(kind.usual_name()));
        }
        assert!(
            ["", "Slack", "teams", "webhook "].iter().all(|text| text.parse::<IntegrationType>() == Err(UnknownType))
        );
        assert!(IntegrationType::ALL.is_sorted() && WORKING.is_sorted(), "pages go by this order");
    }

    #[test]
    fn a_type_without_a_module_is_not_pretended() {
        for kind in IntegrationType::ALL.into_iter().filter(|kind| !kind.works()) {
            assert_eq!(Config::read(kind, &Map::new()), None);
            assert_eq!(Config::secret(kind, "0123456789abcdef"), None);
            assert_eq!(Config::stored(kind, Value::Null), None);
        }
    }

    #[track_caller]
    fn check(kind: IntegrationType, json: &str, wanted: Expect) {
        let said = match Config::read(kind, &serde_json::from_str(json).unwrap()).unwrap() {
            Ok(config) => {
                let shown = serde_json::to_value(&config).unwrap();
                assert_eq!(Config::stored(kind, shown.clone()), Some(config), "what is stored is read again");
                shown.to_string()
            }
            Err(Faults(faults)) => {
                faults.into_iter().map(|fault| format!("{}: {}\n", fault.field, fault.message)).collect()
            }
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn configuring_a_webhook() {
        let of = |json, wanted| check(IntegrationType::Webhook, json, wanted);
        of(r#"{"url": "https://a.example"}"#, expect![[r#"{"description":null,"url":"https://a.example/"}"#]]);
        of(
            r#"{"url": "https://a.example", "description": "Ours"}"#,
            expect![[r#"{"description":"Ours","url":"https://a.example/"}"#]],
        );
        of(
            r#"{"uri": "https://a.example", "description": 7}"#,
            expect![[r#"
                url: is missing
                description: must be of the type string
                uri: is not a known field; there are url, description
            "#]],
        );
        of(
            r#"{"url": "http://a.example", "description": null}"#,
            expect![[r#"
                url: must be a URL that begins with https://
            "#]],
        );
    }
}
