//! Outputs of the local cloud for its callers, also written to outputs.json.

use crate::{Error, Result, aws::users::User, programs::process::Identity};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Description of a running local cloud for programs: the content of outputs.json.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outputs {
    /// Base URL of the API; its paths begin with /api/v1. Send `api_host` as the Host header.
    pub api_url: String,
    /// Host header by which the emulator recognizes the API.
    pub api_host: String,
    /// Base URL of all AWS services.
    pub aws_endpoint_url: String,
    /// AWS region.
    pub region: String,
    /// AWS account id.
    pub account_id: String,
    /// Id of the KMS key that signs checkpoints of audit logs.
    pub checkpoint_key: String,
    /// Id of the user pool.
    pub user_pool_id: String,
    /// Id of the user pool client that users sign in with, by USER_PASSWORD_AUTH.
    pub user_pool_client_id: String,
    /// Name of the table.
    pub table_name: String,
    /// Cluster of the workspaces' containers.
    pub cluster: String,
    /// URL for Stripe's events. Send `webhook_host` as the Host header.
    pub webhook_url: String,
    /// Host header by which the emulator recognizes the webhook.
    pub webhook_host: String,
    /// ARN of the secret that the webhook verifies signatures with.
    pub webhook_secret_arn: String,
    /// Base URL of the Stripe stand-in's API; its overview page is at /_standin.
    pub stripe_url: String,
    /// Deployed names of the functions, by folder.
    pub functions: BTreeMap<String, String>,
    /// Origin of links in e-mails.
    pub app_origin: String,
    /// URL of the dashboard, which is at `app_origin`. `None` without a dashboard.
    #[serde(default)]
    pub dashboard_url: Option<String>,
    /// URL of the sent e-mails.
    pub mail_url: String,
    /// URL of a page with the deliveries that integrations received; the same as JSON is at /received.json below it.
    pub receivers_url: String,
    /// Users who can sign in.
    pub users: Vec<User>,
    /// Process of the emulator, which leads the process group of the cloud.
    pub emulator: Identity,
    /// Log file of the emulator.
    pub log: PathBuf,
}

impl Outputs {
    pub(crate) fn write(&self, state: &Path) -> Result<()> {
        let path = outputs_path(state);
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::other);
        text.and_then(|text| fs::write(&path, text + "\n")).map_err(Error::file(path))
    }
}

/// Returns the path of the outputs of the cloud whose files are in `state`. The file exists while the cloud runs.
#[must_use]
pub fn outputs_path(state: &Path) -> PathBuf {
    state.join("outputs.json")
}
