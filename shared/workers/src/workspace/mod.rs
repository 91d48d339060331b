//! Workspaces without a caller: letters about suspensions, and the completion of deletions.

mod deletion;
mod suspension;

pub use deletion::{DeleteWorkspaceError, DeletionDeps, advance_deletion};
pub use suspension::mail_suspension;
