//! Teams without a caller: letters of invitations, expired invitations, and invitations whose inviter lost the right to
//! make them.

mod error;
mod mail;
mod owner;
mod release;
mod revoke;

pub use error::Error;
pub use mail::{mail_invitation, mark_letter_returned};
pub use owner::mail_owner_set;
pub use release::release_expired;
pub use revoke::revoke_remaining;
