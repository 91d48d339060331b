//! Integrations: their records, deliveries and health, and the secrets that no integration refers to.

pub mod deliveries;
pub(crate) mod health;
pub(crate) mod incidents;
pub(crate) mod orphans;
pub(crate) mod records;
