//! Use cases of the function `workspace`: workspaces and their settings.

mod deletion;
mod error;
mod head;
mod onboarding;
mod overview;
mod view;

pub use deletion::{DeletionView, Others, PartStatus, PartView, ReceiptView, delete, receipt};
pub use error::Error;
pub use head::{create, mine, read, update};
pub use onboarding::{BillingNotice, Onboarding, Step, StepId, SubscriptionNotice, onboarding};
pub use overview::{NearLimit, Overview, overview};
pub use view::{SuspensionView, WorkspaceSummary, WorkspaceView};
