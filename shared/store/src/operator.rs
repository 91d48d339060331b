//! What whoever runs the service reads of a workspace. It rests on no membership.

use crate::scope::OperatorScope;
use crate::{
    Store, billing,
    runtime::runtimes,
    table::condition::{Condition, Terms},
    table::error::Error,
    table::item,
    table::keys,
    workspace::workspaces,
};
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use domain::{billing::account::Billing, ids::WorkspaceId, runtime::record::Runtime, workspace::head::Workspace};
use std::collections::HashMap;

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

/// Some of all workspaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SomeWorkspaces {
    /// They.
    pub found: Vec<WorkspaceId>,
    /// Behind which the next ones are; `None` if there are no more.
    pub next: Option<WorkspaceId>,
}

/// How many items are looked through before those that were found are given out.
const LOOKED_THROUGH: i32 = 1_000;

impl Store {
    /// Some of the workspaces that there are behind `after`, in an order of the table's own; those that are being deleted, too.
    ///
    /// Like [`Store::sightings`], it looks through every item of the table. No request, queue or schedule does that, only the operator,
    /// and nothing else would have a use for an index over all workspaces.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn some_workspaces(&self, after: Option<WorkspaceId>) -> Result<SomeWorkspaces, Error> {
        let place = |id: WorkspaceId| HashMap::from(item::place(&keys::workspace(id)));
        let mut start = after.map(place);
        loop {
            let mut terms = Terms::default();
            let is_head = Condition::Equals("sk", item::text("META")).expression(&mut terms);
            let of_workspace = format!("begins_with({}, {})", terms.name("pk"), terms.value(item::text("WS#")));
            let filter = format!("{is_head} AND {of_workspace}");
            let page = self.look_through(filter, &terms, start).await?;
            let found: Vec<_> = page.items().iter().filter_map(keys::workspace_of).collect();
            start = page.last_evaluated_key;
            match (found.last(), &start) {
                (_, None) => return Ok(SomeWorkspaces { found, next: None }),
                // What lies between the last that was found and here is looked through again: it is none of them.
                (Some(last), Some(_)) => return Ok(SomeWorkspaces { next: Some(*last), found }),
                (None, Some(_)) => {}
            }
        }
    }

    /// Scans the next items of the table behind `start` for those that fit `filter`: the one place that scans.
    pub(crate) async fn look_through(
        &self,
        filter: String,
        terms: &Terms,
        start: Option<item::Item>,
    ) -> Result<ScanOutput, Error> {
        self.scan(|scan| {
            scan.filter_expression(filter)
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
                .set_exclusive_start_key(start)
                .consistent_read(true)
                .limit(LOOKED_THROUGH)
        })
        .await
    }

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
