//! Invitations: offers of a seat. Module `record` has the record and its lifetime, `offer` the conditions for making
//! one, `accept` those for accepting it, and `letter` the state of its e-mail.

mod accept;
mod letter;
mod offer;
mod record;

pub use accept::{AcceptError, Claim};
pub use letter::{LetterRefusal, LetterState, Returned, Sender};
pub use offer::{InviteError, Inviter, Offered, offer};
pub use record::{Invitation, LIFETIME, NamedInviter};
