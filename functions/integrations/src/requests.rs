//! What clients send.

use api::{Extensions, FieldErrors, FromBody, from_value, read_json};
use deserr::Deserr;
use domain::{
    ids::DeliveryId,
    integrations::{Config, Event, Faults, IntegrationType, Wanted},
    text::IntegrationName,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The path to an integration.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct IntegrationPath {
    /// Its type.
    #[deserr(rename = "type")]
    pub(crate) kind: IntegrationType,
}

/// The path to a delivery.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct DeliveryPath {
    /// The type of its integration.
    #[deserr(rename = "type")]
    pub(crate) kind: IntegrationType,
    /// Its id.
    pub(crate) id: DeliveryId,
}

/// How an integration is to be. It cannot be printed: it holds the secret.
#[derive(Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct IntegrationChanges {
    /// What people call it: 1 to 100 characters. If it is left out, it stays; at first it is the type's name.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    #[deserr(default)]
    name: Option<IntegrationName>,
    /// Settings, as the type in the path has them.
    #[schema(value_type = Config, example = json!({"url": "https://hooks.example.com/berth"}))]
    config: BTreeMap<String, Value>,
    /// The secret. datadog: an API key. discord, microsoft_teams, slack: the URL of the webhook. github: a token.
    /// pagerduty: the integration key of a service. sentry: a project's DSN. webhook: the key that deliveries are signed
    /// with, 16 to 256 visible ASCII characters; one that begins with `whsec_` has 24 to 64 bytes in base64 behind it, and
    /// after a change deliveries are signed with both keys for a day. If it is left out, the present one stays.
    #[schema(min_length = 16, max_length = 2048, write_only)]
    #[deserr(default)]
    secret: Option<String>,
    /// What to hear of. If it is left out, it stays; at first it is everything.
    #[deserr(default)]
    events: Option<Vec<Event>>,
}

/// The same, read as the type in the path asks.
#[derive(Debug)]
pub(crate) struct Changes(pub(crate) Wanted);

impl FromBody for Changes {
    fn from_body(bytes: &[u8], path: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        let body = read_json(bytes)?;
        let changes = from_value::<IntegrationChanges>(body.clone());
        let named = path.iter().find(|(name, _)| name == "type").and_then(|(_, kind)| kind.parse().ok());
        // A type that there is not is an error of the path, which is told beside those of the body.
        let Some(kind) = named else {
            return changes.and(Err(FieldErrors::default()));
        };
        let (config, secret) = match &changes {
            Ok(changes) => (Some(changes.config.clone().into_iter().collect()), changes.secret.clone()),
            Err(_) => salvage(&body),
        };
        // The router puts them there.
        let ports = extensions.get().cloned().unwrap_or_default();
        let config = config.map(|config| Config::read(kind, &config, &ports));
        let secret = secret.map(|secret| Config::secret(kind, &secret));
        let (mut errors, changes) = match changes {
            Ok(changes) => (FieldErrors::default(), Some(changes)),
            Err(errors) => (errors, None),
        };
        if let Some(Err(Faults(faults))) = &config {
            errors = faults
                .iter()
                .fold(errors, |errors, fault| errors.with(&format!("config.{}", fault.field), &fault.message));
        }
        if let Some(Err(message)) = &secret {
            errors = errors.with("secret", message);
        }
        let wanted = changes.zip(config.and_then(Result::ok)).map(|(changes, config)| Wanted {
            name: changes.name,
            config,
            secret: secret.and_then(Result::ok),
            events: changes.events.map(|events| events.into_iter().collect()),
        });
        errors.none_or(wanted)?.map(Self).ok_or_else(FieldErrors::default)
    }
}

/// Config and secret of a body in which something is wrong: what the type asks of them is looked at all the same, so that
/// every error is told at once.
fn salvage(body: &Value) -> (Option<Map<String, Value>>, Option<String>) {
    let text = |name| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    (body.get("config").and_then(Value::as_object).cloned(), text("secret"))
}
