//! The stand-in for Secrets Manager. A name is created once, and a deleted name cannot be created again.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Name of the key of invitation tokens, and the key.
pub(crate) const INVITATION: &str = "invitation";
const INVITATION_KEY: &str = "the invitation key of the test world, longer than thirty-two bytes";

/// Name of the key of runtime tokens, and the key.
pub(crate) const RUNTIME: &str = "runtime";
const RUNTIME_KEY: &str = "the runtime key of the test world, also longer than thirty-two bytes";

/// Name of the Stripe API key, and the key that the stand-in for Stripe accepts.
pub(crate) const STRIPE: &str = "stripe";
const STRIPE_KEY: &str = "sk_test_standin";

/// Name of the Stripe API key that may only read, and the key.
pub(crate) const STRIPE_READ: &str = "stripe-read";
const STRIPE_READ_KEY: &str = "rk_test_standin";

/// Name of the webhook's signing secret, and the secret.
pub(crate) const WEBHOOK: &str = "stripe-webhook";
pub(crate) const WEBHOOK_SECRET: &str = "whsec_the_signing_secret_of_the_test_world";

/// Berth's own secrets: name and value.
const OURS: [(&str, &str); 5] = [
    (INVITATION, INVITATION_KEY),
    (RUNTIME, RUNTIME_KEY),
    (STRIPE, STRIPE_KEY),
    (STRIPE_READ, STRIPE_READ_KEY),
    (WEBHOOK, WEBHOOK_SECRET),
];

/// Returns a secret of a webhook that ends with the letters and digits of `text`.
#[must_use]
pub fn webhook_secret(text: &str) -> String {
    let end: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    // Letters and digits are base64 in groups of four; 32 of them are 24 bytes.
    format!("whsec_{end:A>width$}", width = end.len().next_multiple_of(4).max(32))
}

/// A secret stored in the stand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// Value of the secret.
    pub text: String,
    /// Tags of the secret.
    pub tags: BTreeMap<String, String>,
    /// Previous value.
    previous: Option<String>,
    /// Token of the request that created it.
    token: String,
}

/// All secrets, and the names of deleted ones.
#[derive(Debug)]
pub(crate) struct Secrets {
    kept: BTreeMap<String, StoredSecret>,
    deleted: Vec<String>,
}

impl Default for Secrets {
    fn default() -> Self {
        let ours = OURS.map(|(name, text)| {
            let kept =
                StoredSecret { text: text.to_owned(), tags: BTreeMap::new(), previous: None, token: String::new() };
            (name.to_owned(), kept)
        });
        Self { kept: BTreeMap::from(ours), deleted: Vec::new() }
    }
}

impl Secrets {
    /// Returns the secrets of customers.
    pub(crate) fn of_customers(&self) -> BTreeMap<String, StoredSecret> {
        self.kept
            .iter()
            .filter(|(name, _)| OURS.iter().all(|(ours, _)| ours != name))
            .map(|(name, kept)| (name.clone(), kept.clone()))
            .collect()
    }

    /// Answers `operation` as Secrets Manager would.
    pub(crate) fn call(&mut self, operation: &str, body: &Value) -> (u16, String) {
        match operation {
            "CreateSecret" => self.create(body),
            "DeleteSecret" => self.delete(body),
            "DescribeSecret" => match self.kept.get(&text(body, "SecretId")) {
                Some(_) => (200, json!({"Name": body["SecretId"]}).to_string()),
                None => error("ResourceNotFoundException"),
            },
            "GetSecretValue" => self.value(body),
            "TagResource" => match self.kept.get_mut(&text(body, "SecretId")) {
                Some(kept) => {
                    kept.tags.extend(tags(body));
                    (200, "{}".to_owned())
                }
                None => error("ResourceNotFoundException"),
            },
            other => panic!("the stand-in for Secrets Manager does not support {other}"),
        }
    }

    /// Sets a new value of the secret `name`; the current value becomes the previous one.
    pub(crate) fn roll(&mut self, name: &str, next: &str) {
        let kept = self.kept.get_mut(name).unwrap();
        kept.previous = Some(std::mem::replace(&mut kept.text, next.to_owned()));
    }

    /// Deletes the secrets of customers without any call of the API.
    pub(crate) fn lose(&mut self) {
        self.kept.retain(|name, _| OURS.iter().any(|(ours, _)| ours == name));
    }

    /// Replaces the text `from` with `to` in every secret of a customer, without any call of the API.
    pub(crate) fn overwrite(&mut self, from: &str, to: &str) {
        for kept in self.kept.values_mut().filter(|kept| kept.text == from) {
            to.clone_into(&mut kept.text);
        }
    }

    fn value(&self, body: &Value) -> (u16, String) {
        let kept = self.kept.get(&text(body, "SecretId"));
        let value = match body["VersionStage"].as_str() {
            Some("AWSPREVIOUS") => kept.and_then(|kept| kept.previous.clone()),
            _ => kept.map(|kept| kept.text.clone()),
        };
        match value {
            Some(value) => (200, json!({"Name": body["SecretId"], "SecretString": value}).to_string()),
            None => error("ResourceNotFoundException"),
        }
    }

    fn create(&mut self, body: &Value) -> (u16, String) {
        let name = text(body, "Name");
        let made = StoredSecret {
            text: text(body, "SecretString"),
            tags: tags(body).collect(),
            previous: None,
            token: text(body, "ClientRequestToken"),
        };
        if self.deleted.contains(&name) {
            return error("InvalidRequestException");
        }
        match self.kept.get(&name) {
            // The same request was sent again.
            Some(kept) if *kept == made => {}
            Some(_) => return error("ResourceExistsException"),
            None => drop(self.kept.insert(name.clone(), made)),
        }
        (200, json!({"ARN": format!("arn:{name}"), "Name": name}).to_string())
    }

    /// With `ForceDeleteWithoutRecovery`, a missing name is not an error.
    fn delete(&mut self, body: &Value) -> (u16, String) {
        assert_eq!(
            body["ForceDeleteWithoutRecovery"], true,
            "a customer's secret must be deleted without a recovery window"
        );
        let name = text(body, "SecretId");
        if self.kept.remove(&name).is_some() {
            self.deleted.push(name.clone());
        }
        (200, json!({"Name": name}).to_string())
    }
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap().to_owned()
}

fn tags(body: &Value) -> impl Iterator<Item = (String, String)> {
    let tags = body["Tags"].as_array().cloned().unwrap_or_default();
    tags.into_iter().map(|tag| (text(&tag, "Key"), text(&tag, "Value")))
}

fn error(code: &str) -> (u16, String) {
    (400, json!({"__type": code, "Message": "as the service would"}).to_string())
}
