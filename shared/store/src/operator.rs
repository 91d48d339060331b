//! Reads of the operator. They depend on no membership.

use crate::scope::OperatorScope;
use crate::{
    Store, billing,
    partitions::ItemKind,
    runtime::runtimes,
    table::condition::Terms,
    table::error::Error,
    table::item::{self, Item},
    table::keys::{self, Key},
    team::{addresses, addresses::Holder, members},
    workspace::workspaces,
};
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use domain::{
    billing::account::Billing,
    ids::WorkspaceId,
    runtime::record::Runtime,
    team::member::{Member, MemberCriterion},
    workspace::head::Workspace,
};
use std::collections::HashMap;

/// Facts about a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceFacts {
    /// Head of the workspace; `None` if the workspace does not exist, or no longer exists.
    pub workspace: Option<Workspace>,
    /// Billing of the workspace.
    pub billing: Billing,
    /// Runtime of the workspace; `None` if it never received a command.
    pub runtime: Option<Runtime>,
}

/// A part of all workspaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspacePage {
    /// Ids of the workspaces.
    pub found: Vec<WorkspaceId>,
    /// Workspace after which the next part begins; `None` if there are no more.
    pub next: Option<WorkspaceId>,
}

/// Number of items that one scan examines.
const SCAN_LIMIT: i32 = 1_000;

/// Returns the place after all items of the partition `pk`. Sort keys begin with ASCII.
fn end_of(pk: String) -> Item {
    Item::from(item::place(&Key { pk, sk: char::MAX.to_string() }))
}

impl Store {
    /// Lists some of the workspaces after `after`, in the table's own order, including those that are being deleted.
    ///
    /// Like [`Store::find_workspaces`], it scans every item of the table. Only the operator does that, no request,
    /// queue or schedule, and nothing else would use an index over all workspaces.
    pub async fn list_workspaces(&self, after: Option<WorkspaceId>) -> Result<WorkspacePage, Error> {
        let place = |id: WorkspaceId| HashMap::from(item::place(&keys::workspace(id)));
        let mut start = after.map(place);
        loop {
            let page = self.scan_page(&[ItemKind::Workspace], start).await?;
            let heads = page.items().iter().filter(|item| item::kind_of(item) == Some(ItemKind::Workspace));
            let found: Vec<_> = heads.filter_map(keys::workspace_of).collect();
            start = page.last_evaluated_key;
            match (found.last(), &start) {
                (_, None) => return Ok(WorkspacePage { found, next: None }),
                // The items between the last match and here are scanned again: none of them matches.
                (Some(last), Some(_)) => return Ok(WorkspacePage { next: Some(*last), found }),
                (None, Some(_)) => {}
            }
        }
    }

    /// Scans the next items of the table after `start` for those whose keys begin like those of `kinds`. Every scan goes
    /// through this function. A partition that has none of them is left after one page, however large it is.
    pub(crate) async fn scan_page(&self, kinds: &[ItemKind], start: Option<Item>) -> Result<ScanOutput, Error> {
        let mut terms = Terms::default();
        let mut begins = |name: &str, prefix: &str| {
            format!("begins_with({}, {})", terms.name(name), terms.value(item::text(prefix)))
        };
        let beginnings = kinds.iter().flat_map(|kind| kind.beginnings());
        let filters: Vec<_> =
            beginnings.map(|(pk, sk)| format!("({} AND {})", begins("pk", &pk), begins("sk", sk))).collect();
        let filter = filters.join(" OR ");
        let mut page = self
            .scan(|scan| {
                scan.filter_expression(filter)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .set_exclusive_start_key(start)
                    .consistent_read(true)
                    .limit(SCAN_LIMIT)
            })
            .await?;
        page.last_evaluated_key = page.last_evaluated_key.map(|last| match item::key_of(&last) {
            Some(Key { pk, .. }) if !kinds.iter().any(|kind| kind.is_in(&pk)) => end_of(pk),
            Some(_) | None => last,
        });
        Ok(page)
    }

    /// Reads the facts about the workspace of `scope`, and the present or former member there whom `who` names.
    pub async fn member_facts(
        &self,
        scope: &OperatorScope,
        who: &MemberCriterion,
    ) -> Result<(WorkspaceFacts, Option<Member>), Error> {
        let workspace = scope.scope().workspace();
        let user = match who {
            MemberCriterion::User(user) => Some(*user),
            MemberCriterion::Email(email) => {
                let key = keys::address(workspace, email);
                match self.read_item(&key, addresses::parse).await? {
                    Some(Holder::Member(user)) => Some(user),
                    Some(Holder::Invitation(_)) | None => None,
                }
            }
        };
        let seat = user.map(|user| keys::member(workspace, user));
        let (facts, found) = self.facts_and(scope, seat.as_ref()).await?;
        let member = seat.and_then(|seat| found.get(&seat).map(members::parse)).transpose()?;
        Ok((facts, member))
    }

    /// Reads the facts about the workspace of `scope`.
    pub async fn workspace_facts(&self, scope: &OperatorScope) -> Result<WorkspaceFacts, Error> {
        self.facts_and(scope, None).await.map(|(facts, _)| facts)
    }

    /// Reads the facts, and the item at `other` in the same batch.
    async fn facts_and(
        &self,
        scope: &OperatorScope,
        other: Option<&keys::Key>,
    ) -> Result<(WorkspaceFacts, HashMap<keys::Key, Item>), Error> {
        let workspace = scope.scope().workspace();
        let (head, paid, runtime) = (keys::workspace(workspace), keys::billing(workspace), keys::runtime(workspace));
        let wanted: Vec<_> = [&head, &paid, &runtime].into_iter().chain(other).cloned().collect();
        let found = self.batch_get(&wanted).await?;
        let facts = WorkspaceFacts {
            workspace: found.get(&head).map(workspaces::parse).transpose()?,
            billing: billing::parse(found.get(&paid))?,
            runtime: found.get(&runtime).map(runtimes::parse).transpose()?,
        };
        Ok((facts, found))
    }
}
