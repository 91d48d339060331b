//! identity

pub mod access;
pub mod presence;
pub mod scope;
