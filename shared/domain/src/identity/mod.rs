//! Identities: persons, their profiles, and the actions that their roles allow.

pub mod access;
pub mod account;
pub mod denied;
pub mod origin;
pub mod ownership;
pub mod person;
pub mod presence;
pub mod profile;
