//! The requests of the integration routes.

use api::{Extensions, FieldErrors, FromBody, from_value, read_json};
use deserr::Deserr;
use domain::{
    ids::DeliveryId,
    integrations::{Config, ConfigFieldErrors, Event, IntegrationSettings, IntegrationType},
    text::IntegrationName,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The path to an integration.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct IntegrationPath {
    /// The integration's type.
    #[deserr(rename = "type")]
    pub(crate) kind: IntegrationType,
}

/// The path to a delivery.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct DeliveryPath {
    /// The integration's type.
    #[deserr(rename = "type")]
    pub(crate) kind: IntegrationType,
    /// The delivery's id.
    pub(crate) id: DeliveryId,
}

/// The settings of an integration.
// It has no `Debug`, since it holds the secret.
#[derive(Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct IntegrationChanges {
    /// The display name, 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as given, or
    /// refused. If it is omitted, the name is unchanged; a new integration gets the type's name.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    #[deserr(default)]
    name: Option<IntegrationName>,
    /// Settings, as the type in the path has them. They replace all current ones.
    #[schema(value_type = Config, example = json!({"url": "https://hooks.example.com/berth"}))]
    config: BTreeMap<String, Value>,
    /// The secret, by type. datadog: an API key. discord, microsoft_teams, slack: the URL of the webhook. github: a token.
    /// pagerduty: the integration key of a service. sentry: a project's DSN. webhook: the key that signs deliveries, `whsec_`
    /// followed by 24 to 64 bytes in base64. After a change of the key, deliveries are signed with both keys for a day. If it is
    /// omitted, the current secret is kept; it is required if `config` changes the destination.
    #[schema(min_length = 16, max_length = 2048, write_only)]
    #[deserr(default)]
    secret: Option<String>,
    /// Of a webhook: true to have Berth make a new secret, which only the answer to this request shows. If that answer is
    /// lost, send the request again, and use the secret of its answer.
    #[schema(write_only, required = false)]
    #[deserr(default)]
    generate_secret: bool,
    /// The events to deliver. If it is omitted, the selection is unchanged; a new integration gets all events but those of the
    /// audit log, `audit.recorded` and `audit.checkpoint`, which only webhooks and Datadog can select.
    #[deserr(default)]
    events: Option<Vec<Event>>,
}

/// The settings, parsed for the integration type in the path.
#[derive(Debug)]
pub(crate) enum Changes {
    /// With the secret that they contain, if any.
    Given(IntegrationSettings),
    /// With a new secret, which Berth makes.
    Generate(IntegrationSettings),
}

impl FromBody for Changes {
    fn from_body(bytes: &[u8], path: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        let body = read_json(bytes)?;
        let changes = from_value::<IntegrationChanges>(body.clone());
        let named = path.iter().find(|(name, _)| name == "type").and_then(|(_, kind)| kind.parse().ok());
        // An unknown type is an error of the path, which is reported together with those of the body.
        let Some(kind) = named else {
            return changes.and(Err(FieldErrors::default()));
        };
        let (config, secret) = match &changes {
            Ok(changes) => (Some(changes.config.clone().into_iter().collect()), changes.secret.clone()),
            Err(_) => salvage(&body),
        };
        let generates = changes.as_ref().is_ok_and(|changes| changes.generate_secret);
        // The router adds them as an extension.
        let ports = extensions.get().cloned().unwrap_or_default();
        let config = config.map(|config| Config::read(kind, &config, &ports));
        let secret = secret.map(|secret| Config::secret(kind, &secret));
        let (mut errors, changes) = match changes {
            Ok(changes) => (FieldErrors::default(), Some(changes)),
            Err(errors) => (errors, None),
        };
        if let Some(Err(ConfigFieldErrors(faults))) = &config {
            errors = faults
                .iter()
                .fold(errors, |errors, fault| errors.with(&format!("config.{}", fault.field), &fault.message));
        }
        if let Some(Err(message)) = &secret {
            errors = errors.with("secret", message);
        }
        if let Some(message) = generates.then(|| no_generation(kind, secret.is_some())).flatten() {
            errors = errors.with("generate_secret", message);
        }
        let unfit =
            changes.iter().flat_map(|changes| changes.events.iter().flatten()).find(|event| !kind.takes(**event));
        if let Some(event) = unfit {
            errors = errors.with("events", format!("must be without {event}, which webhooks and Datadog get only"));
        }
        let wanted = changes.zip(config.and_then(Result::ok)).map(|(changes, config)| IntegrationSettings {
            name: changes.name,
            config,
            secret: secret.and_then(Result::ok),
            events: changes.events.map(|events| events.into_iter().collect()),
        });
        let changes = if generates { Self::Generate } else { Self::Given };
        errors.none_or(wanted)?.map(changes).ok_or_else(FieldErrors::default)
    }
}

/// Returns the reason why no secret is made for an integration of type `kind`, whose request has a secret if `given`.
const fn no_generation(kind: IntegrationType, given: bool) -> Option<&'static str> {
    match (kind.signs(), given) {
        (false, _) => Some("must be false for this type; its secret comes from the service, so send it as secret"),
        (true, true) => Some("must be false if secret is sent; leave one of them out"),
        (true, false) => None,
    }
}

/// Returns the config and the secret of an invalid body, so that they are validated as well and all errors are reported
/// together.
fn salvage(body: &Value) -> (Option<Map<String, Value>>, Option<String>) {
    let text = |name| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    (body.get("config").and_then(Value::as_object).cloned(), text("secret"))
}
