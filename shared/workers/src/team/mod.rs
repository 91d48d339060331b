//! Teams without a caller: letters of invitations, expired invitations, and invitations whose inviter lost the right to
//! make them.

mod error;
mod mail;
mod release;
mod revoke;

pub use error::Error;
pub use mail::{mail_invitation, mark_letter_returned};
pub use release::release_expired;
pub use revoke::revoke_remaining;
