//! Gathers the outputs of a deployed cloud from its parts.

use crate::{
    Result,
    aws::{Aws, users::User},
    cloud::{
        emulator,
        gateway::Gateway,
        outputs::Outputs,
        receivers,
        stripe::{self, Webhook},
    },
    programs::process::Identity,
    settings::{ACCOUNT, REGION},
    template::stack::Stack,
};
use std::path::PathBuf;

/// Parts of a deployed cloud.
pub(super) struct Deployed<'a> {
    pub(super) aws: &'a Aws,
    pub(super) stack: &'a Stack,
    pub(super) gateway: Gateway,
    /// Port of the Stripe stand-in.
    pub(super) stripe_port: u16,
    /// Address that the Stripe stand-in sends events to.
    pub(super) webhook: Webhook,
    /// Users who can sign in.
    pub(super) users: Vec<User>,
    /// Process of the emulator.
    pub(super) emulator: Identity,
    /// Log file of the emulator.
    pub(super) log: PathBuf,
    /// Port of the integration receivers.
    pub(super) receivers: u16,
    /// True if the dashboard is served.
    pub(super) has_dashboard: bool,
}

impl Deployed<'_> {
    pub(super) fn outputs(self) -> Result<Outputs> {
        let Self { aws, stack, gateway, stripe_port, webhook, users, emulator, log, receivers, has_dashboard } = self;
        let function = |folder: &String| Some((folder.clone(), stack.function(folder)?.clone()));
        let app_origin = stack.parameters.get("AppOrigin").cloned().unwrap_or_default();
        Ok(Outputs {
            api_url: gateway.url,
            api_host: gateway.host,
            aws_endpoint_url: aws.endpoint(),
            region: REGION.to_owned(),
            account_id: ACCOUNT.to_owned(),
            user_pool_id: stack.output("UserPoolId")?,
            checkpoint_key: stack.output("CheckpointKeyId")?,
            user_pool_client_id: stack.output("UserPoolClientId")?,
            table_name: stack.output("TableName")?,
            cluster: stack.output("RuntimeClusterArn")?,
            webhook_url: webhook.url,
            webhook_host: webhook.host,
            webhook_secret_arn: stack.output("StripeWebhookSecretArn")?,
            stripe_url: stripe::url(stripe_port),
            functions: stack.functions.keys().filter_map(function).collect(),
            dashboard_url: has_dashboard.then(|| app_origin.clone()),
            app_origin,
            mail_url: emulator::sent_letters(aws),
            receivers_url: receivers::url(receivers),
            users,
            emulator,
            log,
        })
    }
}
