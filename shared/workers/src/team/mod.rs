//! Teams without a caller: letters of invitations, expired invitations, and invitations whose inviter lost the right to
//! make them.

mod error;
mod mail;
mod release;
mod revoke;

pub use error::Error;
pub use mail::{MailError, Mailing, Outcome, mail_invitation, mark_returned};
pub use release::release;
pub use revoke::revoke_rest;
