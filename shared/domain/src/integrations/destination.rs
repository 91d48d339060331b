//! The destination of an integration: the setting that decides where its secret leads, and how URLs are shown and
//! recorded.

use crate::{
    identity::access::{Action, Role},
    integrations::{
        kind::{Config, IntegrationType},
        reach::HttpsUrl,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Name of the setting that is a URL.
const URL: &str = "url";

/// Name of the digest of a recorded URL.
const URL_DIGEST: &str = "url_sha256";

/// Length of a digest in bytes: enough to distinguish two URLs.
const DIGEST_BYTES: usize = 8;

/// The part of an integration that decides who receives its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// This setting.
    Setting(&'static str),
    /// The secret, which is a URL.
    Secret,
}

/// The setup of an integration's present receiver. It changes when the integration is set up after a removal, and when
/// its destination changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The integration's version that has had this receiver first.
    pub version: u64,
    /// Time of the setup.
    pub at: Timestamp,
}

impl IntegrationType {
    /// The destination of integrations of this type.
    #[must_use]
    pub const fn destination(self) -> Destination {
        match self {
            Self::Datadog => Destination::Setting("site"),
            Self::Github => Destination::Setting("repository"),
            Self::Pagerduty => Destination::Setting("region"),
            Self::Webhook => Destination::Setting(URL),
            Self::Discord | Self::MicrosoftTeams | Self::Sentry | Self::Slack => Destination::Secret,
        }
    }
}

impl Config {
    /// The setting by which the destination in `next` differs from this one.
    #[must_use]
    pub fn moved_by(&self, next: &Self) -> Option<&'static str> {
        match next.kind().destination() {
            Destination::Setting(name) => (self.settings().get(name) != next.settings().get(name)).then_some(name),
            Destination::Secret => None,
        }
    }

    /// The settings as members with this `role` see them. Below admin, a URL has its scheme and host only, since the
    /// rest may hold a token.
    #[must_use]
    pub fn shown_to(&self, role: Role) -> Map<String, Value> {
        let mut settings = self.settings();
        if role < Action::ManageIntegrations.required_role() && settings.contains_key(URL) {
            settings.extend(scheme_and_host(&settings));
        }
        settings
    }

    /// The settings as audit records have them.
    #[must_use]
    pub fn recorded(&self) -> Map<String, Value> {
        recorded(self.settings())
    }

    fn settings(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(settings)) => settings,
            Ok(_) | Err(_) => Map::new(),
        }
    }
}

/// Reduces the URL in recorded settings to its scheme and host, and a digest of the rest. Settings without a URL, and
/// those that were reduced before, stay as they are.
#[must_use]
pub fn recorded(mut settings: Map<String, Value>) -> Map<String, Value> {
    let Some(whole) = settings.get(URL).cloned().filter(|_| !settings.contains_key(URL_DIGEST)) else {
        return settings;
    };
    settings.extend(scheme_and_host(&settings));
    let origin = settings.get(URL).and_then(Value::as_str).unwrap_or_default();
    let rest = whole.as_str().unwrap_or_default().strip_prefix(origin).unwrap_or_default();
    let digest = Sha256::digest(rest);
    let hex = digest.iter().take(DIGEST_BYTES).fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    settings.insert(URL_DIGEST.to_owned(), hex.into());
    settings
}

/// Returns the setting with the URL's scheme and host; null if it is no URL of a receiver.
fn scheme_and_host(settings: &Map<String, Value>) -> Option<(String, Value)> {
    let url = settings.get(URL)?.as_str().and_then(|text| text.parse::<HttpsUrl>().ok());
    Some((URL.to_owned(), url.map_or(Value::Null, |url| url.scheme_and_host().into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrations::reach::Ports;
    use serde_json::json;

    fn config(kind: IntegrationType, settings: Value) -> Config {
        Config::read(kind, settings.as_object().unwrap(), &"8443".parse::<Ports>().unwrap()).unwrap()
    }

    fn webhook(url: &str) -> Config {
        config(IntegrationType::Webhook, json!({"url": url, "description": "Ours"}))
    }

    #[test]
    fn destination_is_a_setting_that_its_type_has() {
        let settings = [
            (IntegrationType::Datadog, json!({})),
            (IntegrationType::Github, json!({"repository": "octo-org/octo-repo"})),
            (IntegrationType::Pagerduty, json!({})),
            (IntegrationType::Webhook, json!({"url": "https://a.example/"})),
        ];
        for kind in IntegrationType::ALL {
            let known = settings.iter().find(|(known, _)| *known == kind);
            match (kind.destination(), known) {
                (Destination::Setting(name), Some((_, value))) => {
                    assert!(config(kind, value.clone()).settings().contains_key(name), "{kind}");
                }
                (Destination::Secret, None) => {}
                (destination, _) => panic!("{kind}: {destination:?}"),
            }
        }
    }

    #[test]
    fn only_the_destination_moves() {
        let one = webhook("https://a.example/x");
        assert_eq!(one.moved_by(&webhook("https://a.example/x")), None);
        assert_eq!(one.moved_by(&config(IntegrationType::Webhook, json!({"url": "https://a.example/x"}))), None);
        for url in ["https://a.example/y", "https://b.example/x", "https://a.example/x?y", "https://a.example:8443/x"] {
            assert_eq!(one.moved_by(&webhook(url)), Some("url"), "{url}");
        }
        let slack = |channel: &str| config(IntegrationType::Slack, json!({"channel": channel}));
        assert_eq!(slack("one").moved_by(&slack("other")), None);
    }

    #[test]
    fn members_below_admin_see_scheme_and_host() {
        let url = "https://hooks.example.com:8443/token?key=1";
        for role in Role::ALL {
            let shown = if role < Role::Admin { "https://hooks.example.com" } else { url };
            let wanted = json!({"url": shown, "description": "Ours"});
            assert_eq!(Value::Object(webhook(url).shown_to(role)), wanted, "{role}");
        }
    }

    #[test]
    fn records_have_a_digest_of_the_rest() {
        let record = webhook("https://hooks.example.com/token?key=1").recorded();
        assert_eq!(record["url"], "https://hooks.example.com");
        assert_eq!(record["url_sha256"].as_str().unwrap().len(), 2 * DIGEST_BYTES);
        assert_eq!(recorded(record.clone()), record, "a reduced record stays as it is");
        for other in ["https://hooks.example.com/token?key=2", "https://hooks.example.com:8443/token?key=1"] {
            assert_ne!(webhook(other).recorded()["url_sha256"], record["url_sha256"], "{other}");
        }
        let elsewhere = webhook("https://other.example.com/token?key=1").recorded();
        assert_eq!(elsewhere["url_sha256"], record["url_sha256"], "the host is no part of it");
        let odd = json!({"url": "ftp://user:token@inward"});
        assert_eq!(recorded(odd.as_object().unwrap().clone())["url"], Value::Null);
        let slack = config(IntegrationType::Slack, json!({"channel": "#berth"}));
        assert_eq!(Value::Object(slack.recorded()), json!({"channel": "#berth"}));
    }
}
