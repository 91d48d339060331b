//! Teams: members, invitations and their tokens, and what a change of roster means for others.

pub(crate) mod audit;
pub mod invitation;
pub mod invitation_token;
pub mod member;
pub mod revocation;
pub mod roster;
