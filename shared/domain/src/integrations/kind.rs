//! The types of integrations. Each has its own module; the list at the end of this file is the only place that names
//! them all.

use super::{
    Event,
    fields::{ConfigFieldErrors, Fields},
    occurrence::IntegrationNotice,
    outgoing::{Outgoing, RequestError},
};
use crate::{integrations::reach::Ports, keyring::Keyring, named, secret::Secret, text::IntegrationName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

mod markdown;
mod secret_error;
pub mod vendor;

/// Generates the modules, [`IntegrationType`] and [`Config`] from a list of types, structs, modules and names.
///
/// A module has a struct for the config, which serializes as it is shown and stored; its `read`, which parses it from
/// [`Fields`]; its `request`, which builds the request to a receiver;
/// `secret`, which parses a secret of its type; and `SIGNS`, which says if that secret signs requests.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($config:ident) in $module:ident, called $name:literal;)*) => {
        $(mod $module;)*

        /// The service that an integration connects to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum IntegrationType {
            $($(#[$doc])* $kind,)*
        }

        named! { pub impl IntegrationType or UnknownType { $($kind = stringify!($module),)* } }

        impl IntegrationType {
            /// True if the secret signs deliveries, so that a receiver can switch to a new secret while both sign.
            #[must_use]
            pub const fn signs(self) -> bool {
                match self {
                    $(Self::$kind => $module::SIGNS,)*
                }
            }

            /// The default name of an integration of this type.
            #[must_use]
            pub fn usual_name(self) -> IntegrationName {
                match self {
                    $(Self::$kind => IntegrationName::fixed($name),)*
                }
            }
        }

        /// The config of an integration, by type.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Config {
            $(
                #[doc = concat!("Of the type ", stringify!($module), ".")]
                $kind($module::$config),
            )*
        }

        // Any of them: two types may have the same settings, and the path has the type.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for Config {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let any = utoipa::openapi::schema::AnyOfBuilder::new();
                any$(.item(utoipa::openapi::Ref::from_schema_name(<$module::$config as utoipa::ToSchema>::name())))*
                    .description(Some("Settings of an integration: those of the type in the path."))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for Config {
            fn name() -> std::borrow::Cow<'static, str> {
                "IntegrationConfig".into()
            }

            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                use utoipa::PartialSchema;
                $(
                    schemas.push((<$module::$config as utoipa::ToSchema>::name().into_owned(), $module::$config::schema()));
                    <$module::$config as utoipa::ToSchema>::schemas(schemas);
                )*
            }
        }

        impl Config {
            /// The type of the config.
            #[must_use]
            pub const fn kind(&self) -> IntegrationType {
                match self {
                    $(Self::$kind(_) => IntegrationType::$kind,)*
                }
            }

            /// Parses a client's config for an integration of type `kind`, whose receiver may use one of these `ports`.
            ///
            /// # Errors
            /// [`ConfigFieldErrors`] if any field is missing, invalid or unknown.
            pub fn read(
                kind: IntegrationType,
                object: &Map<String, Value>,
                ports: &Ports,
            ) -> Result<Self, ConfigFieldErrors> {
                let mut fields = Fields::of(object, ports);
                match kind {
                    $(IntegrationType::$kind => {
                        let config = $module::$config::read(&mut fields);
                        fields.finish(config).map(Self::$kind)
                    })*
                }
            }

            /// Reads the stored config of an integration of type `kind`; `None` if it cannot be read.
            #[must_use]
            pub fn stored(kind: IntegrationType, value: Value) -> Option<Self> {
                match kind {
                    $(IntegrationType::$kind => serde_json::from_value(value).ok().map(Self::$kind),)*
                }
            }

            /// Parses the secret of an integration of type `kind`.
            ///
            /// # Errors
            /// A description of the error, which does not repeat the text.
            pub fn secret(kind: IntegrationType, text: &str) -> Result<Secret, String> {
                match kind {
                    $(IntegrationType::$kind => $module::secret(text).map_err(|error| error.to_string()),)*
                }
            }

            /// Builds the request that reports `notice` to the receiver at `now`.
            ///
            /// # Errors
            /// [`RequestError`] if the stored config or secret is invalid, or leads to an address that is switched off.
            pub fn request(
                &self,
                keys: &Keyring,
                notice: &IntegrationNotice,
                now: Timestamp,
            ) -> Result<Outgoing, RequestError> {
                match self {
                    $(Self::$kind(config) => config.request(keys, notice, now),)*
                }
            }
        }
    };
}

// Sorted by name. A new type is a line here and a module in `kind/`.
kinds! {
    /// Datadog, which takes events.
    Datadog(DatadogConfig) in datadog, called "Datadog";
    /// Discord, through a channel's webhook.
    Discord(DiscordConfig) in discord, called "Discord";
    /// GitHub, through a repository's dispatch event.
    Github(GithubConfig) in github, called "GitHub";
    /// Microsoft Teams, through a workflow's webhook.
    MicrosoftTeams(MicrosoftTeamsConfig) in microsoft_teams, called "Microsoft Teams";
    /// `PagerDuty`, which takes alerts.
    Pagerduty(PagerdutyConfig) in pagerduty, called "PagerDuty";
    /// Sentry, which takes events.
    Sentry(SentryConfig) in sentry, called "Sentry";
    /// Slack, through an incoming webhook.
    Slack(SlackConfig) in slack, called "Slack";
    /// Any HTTPS server, signed as Standard Webhooks says. <https://www.standardwebhooks.com>
    Webhook(WebhookConfig) in webhook, called "Webhook";
}

pub use webhook::{signed_headers, webhook_secret};

impl IntegrationType {
    /// True if the receiver keeps alerts open until they are resolved.
    #[must_use]
    pub const fn keeps_alerts(self) -> bool {
        match self {
            Self::Pagerduty => true,
            Self::Datadog
            | Self::Discord
            | Self::Github
            | Self::MicrosoftTeams
            | Self::Sentry
            | Self::Slack
            | Self::Webhook => false,
        }
    }

    /// True if an integration of this type may select `event`. Records of the audit log are for programs that keep them.
    #[must_use]
    pub const fn takes(self, event: Event) -> bool {
        match self {
            Self::Datadog | Self::Webhook => true,
            Self::Discord | Self::Github | Self::MicrosoftTeams | Self::Pagerduty | Self::Sentry | Self::Slack => {
                !event.is_of_audit()
            }
        }
    }

    /// What to use instead of the addresses of this type that are switched off.
    #[must_use]
    pub fn instead_of_retired(self) -> Option<&'static str> {
        let vendor = vendor::VENDORS.iter().find(|vendor| vendor.kind == self.name())?;
        vendor.retired.first().map(|retired| retired.instead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn written_types_parse_back() {
        for kind in IntegrationType::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.usual_name().as_str().parse(), Ok(kind.usual_name()));
        }
        assert!(
            ["", "Slack", "teams", "webhook "].iter().all(|text| text.parse::<IntegrationType>() == Err(UnknownType))
        );
        assert!(IntegrationType::ALL.map(IntegrationType::name).is_sorted(), "pages go by this order");
    }

    #[track_caller]
    fn check(kind: IntegrationType, json: &str, wanted: Expect) {
        let said = match Config::read(kind, &serde_json::from_str(json).unwrap(), &"443,8443".parse().unwrap()) {
            Ok(config) => {
                let shown = serde_json::to_value(&config).unwrap();
                assert_eq!(Config::stored(kind, shown.clone()), Some(config), "a stored config parses back");
                shown.to_string()
            }
            Err(ConfigFieldErrors(faults)) => {
                faults.into_iter().map(|fault| format!("{}: {}\n", fault.field, fault.message)).collect()
            }
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn webhook_configs() {
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
                uri: unknown field; expected one of: url, description
            "#]],
        );
        of(
            r#"{"url": "https://a.example:8443"}"#,
            expect![[r#"{"description":null,"url":"https://a.example:8443/"}"#]],
        );
        of(
            r#"{"url": "https://a.example:9000"}"#,
            expect![[r#"
                url: must use one of these ports: 443, 8443
            "#]],
        );
        of(
            r#"{"url": "http://a.example", "description": null}"#,
            expect![[r#"
                url: must be a URL that begins with https://
            "#]],
        );
    }

    #[test]
    fn configs_of_the_other_types() {
        use IntegrationType::{Datadog, Discord, Github, MicrosoftTeams, Pagerduty, Sentry, Slack};
        for kind in [Discord, MicrosoftTeams, Slack] {
            check(kind, r##"{"channel": "#berth"}"##, expect![[r##"{"channel":"#berth"}"##]]);
        }
        check(Slack, r#"{}"#, expect![[r#"{"channel":null}"#]]);
        check(
            Slack,
            r#"{"url": "https://hooks.slack.com"}"#,
            expect![[r#"
            url: unknown field; expected one of: channel
        "#]],
        );
        check(Sentry, r#"{"environment": "prod"}"#, expect![[r#"{"environment":"prod"}"#]]);
        check(Datadog, r#"{}"#, expect![[r#"{"site":"datadoghq.com"}"#]]);
        check(
            Datadog,
            r#"{"site": "evil.example"}"#,
            expect![[r#"
            site: must be one of datadoghq.com, us3.datadoghq.com, us5.datadoghq.com, datadoghq.eu, ap1.datadoghq.com, ap2.datadoghq.com, ddog-gov.com, us2.ddog-gov.com
        "#]],
        );
        check(Pagerduty, r#"{"region": "eu"}"#, expect![[r#"{"region":"eu"}"#]]);
        check(
            Pagerduty,
            r#"{"region": "mars"}"#,
            expect![[r#"
            region: must be one of us, eu
        "#]],
        );
        check(Github, r#"{"repository": "octo-org/octo.repo"}"#, expect![[r#"{"repository":"octo-org/octo.repo"}"#]]);
        for repository in ["octo", "a/..", "../b", "a/b/c", "a/b?c", "a b/c", "/", "a/", "a/%2e%2e"] {
            check(
                Github,
                &serde_json::json!({ "repository": repository }).to_string(),
                expect![[r#"
                repository: must be the owner and the name of a repository, such as octo-org/octo-repo
            "#]],
            );
        }
    }

    #[test]
    fn each_secret_has_the_shape_of_its_service() {
        use IntegrationType::{Datadog, Discord, Github, MicrosoftTeams, Pagerduty, Sentry, Slack};
        let key = "0123456789abcdef0123456789abcdef";
        let good = [
            (Slack, "https://hooks.slack.com/services/T000/B000/XXXXXXXX".to_owned()),
            (Discord, "https://discord.com/api/webhooks/1234567890/token-x_y".to_owned()),
            (Discord, "https://canary.discord.com/api/v10/webhooks/1234567890/token".to_owned()),
            (
                MicrosoftTeams,
                "https://prod-01.westus.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=y".to_owned(),
            ),
            (
                MicrosoftTeams,
                "https://942ead.4a.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x?sig=y".to_owned(),
            ),
            (Slack, "https://hooks.slack.com/triggers/T000/3141592653589/xxxx".to_owned()),
            (Slack, "https://hooks.slack-gov.com/services/T000/B000/XXXXXXXX".to_owned()),
            (Pagerduty, key.to_owned()),
            (Datadog, key.to_owned()),
            (Sentry, format!("https://{key}@o1.ingest.us.sentry.io/42")),
            (Sentry, format!("https://{key}@sentry.example.com/a/b/42")),
            (Github, "github_pat_0123456789_abcdef".to_owned()),
        ];
        for (kind, text) in &good {
            assert_eq!(Config::secret(*kind, text).unwrap().reveal(), text, "{kind}");
        }
        let bad = [
            (Slack, "http://hooks.slack.com/services/T000/B000/XXXXXXXX".to_owned()),
            (Slack, "https://hooks.slack.com.evil.example/services/T000/B000/X".to_owned()),
            (Slack, "https://a@hooks.slack.com/services/T000/B000/XXXXXXXX".to_owned()),
            (Slack, "https://hooks.slack.com/services/T000//XXXXXXXX".to_owned()),
            (Slack, "https://hooks.slack.com:8443/services/T000/B000/XXXXXXXX".to_owned()),
            (Discord, "https://discord.com/api/webhooks/1234567890/".to_owned()),
            (Discord, "https://discord.com/api/channels/1234567890/messages".to_owned()),
            (MicrosoftTeams, "https://logic.azure.com.evil.example/workflows/x".to_owned()),
            (MicrosoftTeams, "https://evil-logic.azure.com/workflows/x".to_owned()),
            (MicrosoftTeams, "https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z/w".to_owned()),
            (MicrosoftTeams, "https://outlook.office.com/webhook/x@y/IncomingWebhook/z/w".to_owned()),
            (MicrosoftTeams, "https://api.powerplatform.com/workflows/x".to_owned()),
            (Pagerduty, "0123456789abcdef".to_owned()),
            (Datadog, format!("{key} ")),
            (Sentry, format!("https://{key}@127.0.0.1/42")),
            (Sentry, format!("https://{key}:secret@o1.ingest.sentry.io/42")),
            (Sentry, format!("http://{key}@o1.ingest.sentry.io/42")),
            (Sentry, format!("https://{key}@o1.ingest.sentry.io/../42x")),
            (Sentry, format!("https://{key}@o1.ingest.sentry.io:8443/42")),
            (Github, "ghp_short".to_owned()),
        ];
        for (kind, text) in bad {
            let message = Config::secret(kind, &text).unwrap_err();
            assert!(message.starts_with("must "), "{kind} {message}");
            assert!(!message.contains(text.trim()), "{kind} repeats it");
        }
    }

    #[test]
    fn a_switched_off_address_is_refused_with_the_one_to_use() {
        let old = "https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z/w";
        let message = Config::secret(IntegrationType::MicrosoftTeams, old).unwrap_err();
        assert!(message.contains("Office 365 connectors") && message.contains("add the workflow"), "{message}");
    }

    #[test]
    fn sentry_environments_are_those_that_sentry_keeps() {
        let read = |text: &str| {
            let object = serde_json::json!({ "environment": text });
            Config::read(IntegrationType::Sentry, object.as_object().unwrap(), &Ports::default())
        };
        for text in ["prod", "Prod-EU_1", "none", "", "x".repeat(64).as_str()] {
            assert!(read(text).is_ok(), "{text:?}");
        }
        for text in ["a/b", "a\nb", "a b", "None", "x".repeat(65).as_str()] {
            let ConfigFieldErrors(errors) = read(text).unwrap_err();
            assert_eq!(
                errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
                ["environment"],
                "{text:?}"
            );
        }
        // One that was stored before is still read.
        let stored = Config::stored(IntegrationType::Sentry, serde_json::json!({ "environment": "a/b c" }));
        assert!(stored.is_some());
    }
}
