//! Teams: seats, the addresses they hold, invitations, and changes of the roster.

pub mod addresses;
pub(crate) mod endings;
pub mod invitations;
pub mod members;
pub mod memberships;
pub(crate) mod offers;
pub(crate) mod presence;
pub(crate) mod profiles;
pub mod revocations;
pub(crate) mod roster;
