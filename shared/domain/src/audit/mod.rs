//! audit

pub(crate) mod operator;
pub mod record;
