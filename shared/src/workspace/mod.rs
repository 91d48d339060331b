//! Use cases of the function `workspace`: workspaces and their settings.

mod deletion;
mod error;
mod export;
mod head;
mod onboarding;
mod overview;
mod view;

pub use deletion::{DeletionView, OtherMembers, PartStatus, PartView, ReceiptView, delete_workspace, read_receipt};
pub use error::Error;
pub use export::export_workspace;
pub use head::{create_workspace, list_workspaces, read_workspace, update_workspace};
pub use onboarding::{BillingNotice, Onboarding, Step, StepId, SubscriptionNotice, read_onboarding};
pub use overview::{NearLimit, Overview, read_overview};
pub use view::{SuspensionView, WorkspaceSummary, WorkspaceView};
