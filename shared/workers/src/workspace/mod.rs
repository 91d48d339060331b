//! Workspaces without a caller: letters about suspensions, and the completion of deletions.

mod deletion;
mod suspension;

pub use deletion::{Deleting, DeletingError, take_apart};
pub use suspension::{MailError, mail_suspension};
