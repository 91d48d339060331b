//! integrations

pub mod deliveries;
pub(crate) mod health;
pub(crate) mod integrations;
pub(crate) mod orphans;
