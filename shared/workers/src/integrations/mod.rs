//! Integrations without a caller: deliveries, letters about disabled integrations, and unused secrets.

mod attempt;
mod deliver;
mod disable;
mod error;
mod mail;
mod secrets;

pub use attempt::attempt;
pub use deliver::{Delivering, Outcome, again, tell};
pub use error::Error;
pub use mail::{AdminMail, MailError, mail_disabled};
pub use secrets::{discard, discard_replaced};
