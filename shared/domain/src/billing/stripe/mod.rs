//! billing/stripe

pub mod event;
pub mod facts;
pub mod signature;
