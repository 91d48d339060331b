//! audit

pub mod operator;
pub mod record;
