//! The key of the tickets for live connections. It is that of invitations: the purpose in each MAC keeps the tokens apart.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::live::ticket::LiveTicket;
use jiff::Timestamp;

/// The key of tickets in Secrets Manager.
#[derive(Debug, Clone)]
pub struct LiveKey(Versions);

impl LiveKey {
    /// Uses the key in the secret `arn`. Nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::lazy(config), arn))
    }

    /// Signs `ticket`.
    pub async fn sign(&self, ticket: &LiveTicket, now: Timestamp) -> Result<String, Error> {
        Ok(self.0.key(now).await?.sign_live_ticket(ticket))
    }

    /// Returns the ticket that `text` says; `None` if Berth did not sign it. A signature that does not match is checked again
    /// with the newest and the previous key.
    pub async fn read(&self, text: &str, now: Timestamp) -> Result<Option<LiveTicket>, Error> {
        self.0.with_any_key(now, |key| key.read_live_ticket(text)).await
    }
}
