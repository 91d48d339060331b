//! Workspaces without a caller: letters about a suspension, and the rest of a deletion.

mod deletion;
mod suspension;

pub use deletion::{Deleting, DeletingError, take_apart};
pub use suspension::{MailError, mail_suspension};
