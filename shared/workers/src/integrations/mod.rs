//! Integrations without a caller: deliveries, letters about disabled integrations, and unused secrets.

mod attempt;
mod audit;
mod deliver;
mod disable;
mod error;
mod incident;
mod mail;
mod secrets;

pub use attempt::{AttemptDeps, attempt_delivery};
pub use deliver::{DeliveryDeps, DeliveryOutcome, deliver_event, retry_delivery};
pub use error::Error;
pub use mail::mail_disabled;
pub use secrets::{delete_orphan, delete_replaced};
