//! Secrets Manager: the keys of invitation and runtime tokens, the Stripe API key, the signing secret of its webhook,
//! and the secrets of integrations.
//!
//! Every call returns [`Error`] if the secret cannot be read or written. A section `# Errors` names what a function returns in addition.

#![expect(clippy::missing_errors_doc, reason = "the page of the crate states the error of every call")]

mod error;
mod integration;
mod invitation;
mod key;
mod live;
mod payments;
mod runtime;
mod service;
mod versions;
mod webhook;

pub use error::Error;
pub use integration::IntegrationSecrets;
pub use invitation::InvitationKey;
pub use live::LiveKey;
pub use payments::StripeKey;
pub use runtime::RuntimeKey;
pub use webhook::WebhookSecret;
