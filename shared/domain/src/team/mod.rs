//! Teams: members, invitations and their tokens, and the effects of a roster change on others.

pub mod address;
pub(crate) mod audit;
pub mod invitation;
pub mod invitation_token;
pub mod member;
pub mod revocation;
pub mod roster;
