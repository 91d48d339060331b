//! team

pub(crate) mod audit;
pub mod invitation;
pub mod invitation_token;
pub mod member;
pub mod revocation;
pub mod roster;
