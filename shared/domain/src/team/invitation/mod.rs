//! Invitations: offers of a seat. The record and its lifetime are in `record`, the conditions for an offer in `offer`, those for
//! accepting it in `accept`, the state of its letter in `letter`.

mod accept;
mod letter;
mod offer;
mod record;

pub use accept::{AcceptError, Claim};
pub use letter::{Delivery, Returned, Sender};
pub use offer::{InviteError, Inviter, offer};
pub use record::{Invitation, LIFETIME};
