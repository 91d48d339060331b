//! Teams: seats, the addresses they take, invitations, and the changes of a roster.

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
