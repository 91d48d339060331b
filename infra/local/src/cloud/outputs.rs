//! What a caller of the local cloud must know, also written to outputs.json.

use crate::{Error, Result, aws::users::User, programs::process::Identity};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A running local cloud, for programs. The file outputs.json.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outputs {
    /// Where the API answers; its paths begin with /api/v1. Send `api_host` as Host header.
    pub api_url: String,
    /// The Host header by which the emulator knows the API.
    pub api_host: String,
    /// Where every AWS service answers.
    pub aws_endpoint_url: String,
    /// The region.
    pub region: String,
    /// The account.
    pub account_id: String,
    /// The user pool.
    pub user_pool_id: String,
    /// The client that people sign in with, by USER_PASSWORD_AUTH.
    pub user_pool_client_id: String,
    /// The table.
    pub table_name: String,
    /// The cluster that workspaces' containers run in.
    pub cluster: String,
    /// Where Stripe sends events. Send `webhook_host` as Host header.
    pub webhook_url: String,
    /// The Host header by which the emulator knows the webhook.
    pub webhook_host: String,
    /// The secret that the webhook verifies with.
    pub webhook_secret_arn: String,
    /// Where the stand-in for Stripe answers: the base of its API, and its page at /_standin.
    pub stripe_url: String,
    /// Functions by folder, and the names they are deployed under.
    pub functions: BTreeMap<String, String>,
    /// The origin that links in mails lead to.
    pub app_origin: String,
    /// Address of the dashboard, the same origin. `None` without the dashboard.
    #[serde(default)]
    pub dashboard_url: Option<String>,
    /// Where mail that was sent can be read.
    pub mail_url: String,
    /// What integrations were sent, as a page; as JSON below it, at /received.json.
    pub receivers_url: String,
    /// Who can sign in.
    pub users: Vec<User>,
    /// The emulator's process, which leads the group of all that runs.
    pub emulator: Identity,
    /// The emulator's log.
    pub log: PathBuf,
}

impl Outputs {
    pub(crate) fn write(&self, state: &Path) -> Result<()> {
        let path = path(state);
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::other);
        text.and_then(|text| fs::write(&path, text + "\n")).map_err(Error::file(path))
    }
}

/// Where the outputs of the cloud with its files in `state` are written. The file is there while the cloud runs.
#[must_use]
pub fn path(state: &Path) -> PathBuf {
    state.join("outputs.json")
}
