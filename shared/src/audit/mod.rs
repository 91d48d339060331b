//! Use cases of the audit log: the activity of a workspace, the log with its places, its verification, its export and its
//! checkpoints.

mod error;
mod export;
mod list;
mod verify;
mod view;

pub use domain::audit::export::ExportedRecord;
pub use error::Error;
pub use export::{ExportPage, export_log, list_checkpoints};
pub(crate) use list::require_log;
pub use list::{export_activity, export_list, list_activity, list_log, within_retention};
pub use verify::{Verification, verify_log};
pub use view::{ActivityView, AuditView, CheckpointView};
