//! integrations

pub mod deliveries;
pub(crate) mod health;
pub(crate) mod orphans;
pub(crate) mod records;
