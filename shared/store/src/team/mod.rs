//! Teams: seats, the addresses they hold, invitations, and changes of the roster.

pub(crate) mod address_moves;
pub mod addresses;
pub(crate) mod invitation_search;
pub mod invitations;
pub mod members;
pub mod memberships;
pub(crate) mod presence;
pub(crate) mod profiles;
pub(crate) mod releases;
pub mod revocations;
pub(crate) mod roster;
