//! Integrations: their records, deliveries, health, and secrets that nothing refers to.

pub mod deliveries;
pub(crate) mod health;
pub(crate) mod orphans;
pub(crate) mod records;
