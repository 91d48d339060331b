//! What whoever runs the service reads of a workspace. It rests on no membership.

use super::{Store, billing, error::Error, keys, runtimes, workspaces};
use crate::domain::{billing::Billing, runtime::Runtime, scope::OperatorScope, workspace::Workspace};

/// What is known of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Its head; `None` if there is no such workspace, or none any more.
    pub workspace: Option<Workspace>,
    /// Its billing.
    pub billing: Billing,
    /// Its runtime, if there ever was a command to it.
    pub runtime: Option<Runtime>,
}

impl Store {
    /// What is known of the workspace of `scope`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn facts(&self, scope: &OperatorScope) -> Result<Facts, Error> {
        let workspace = scope.scope().workspace();
        let (head, paid, runtime) = (keys::workspace(workspace), keys::billing(workspace), keys::runtime(workspace));
        let found = self.batch_get(&[head.clone(), paid.clone(), runtime.clone()]).await?;
        Ok(Facts {
            workspace: found.get(&head).map(workspaces::parse).transpose()?,
            billing: billing::parse(found.get(&paid))?,
            runtime: found.get(&runtime).map(runtimes::parse).transpose()?,
        })
    }
}
