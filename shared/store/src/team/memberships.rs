//! A user's list of the workspaces in which they are a member, written with each membership.

use crate::{
    Store, billing,
    partitions::ItemKind,
    runtime::runtimes,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
    table::list::{Entries, List, Order},
    team::profiles::COPIES,
    workspace::workspaces,
};
use domain::{
    billing::account::Billing,
    identity::access::Role,
    identity::denied::Denied,
    ids::WorkspaceId,
    page::{Limit, Page, PageRequest},
    runtime::record::Runtime,
    team::member::Member,
    workspace::head::Workspace,
};
use identity::Caller;
use serde::{Deserialize, Serialize};

/// A user's own record of a membership.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMembership {
    role: Role,
}

impl Stored for StoredMembership {
    const KIND: ItemKind = ItemKind::Membership;
}

/// A workspace as listed for one of its members.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// Head of the workspace.
    pub workspace: Workspace,
    /// Billing of the workspace.
    pub billing: Billing,
    /// Runtime of the workspace.
    pub runtime: Runtime,
    /// Role of the member.
    pub role: Role,
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes the other end of a membership, in the user's own list.
    pub(crate) fn note_membership(&mut self, member: &Member) -> Result<&mut Self, Error> {
        let key = keys::membership(member.user, member.workspace);
        let item = encode(&key, &StoredMembership { role: member.role })?;
        Ok(self.put(&key, item))
    }
}

/// Lists a user's membership records, newest workspace first.
fn notes(page: PageRequest<WorkspaceId>) -> List<(WorkspaceId, Role), WorkspaceId> {
    List {
        // The caller passes the partition; the one of the list is not used.
        partition: keys::workspace_partition,
        entries: Entries {
            prefix: keys::MEMBERSHIP,
            order: Order::NewestFirst,
            parse: parse_note,
            id: |(workspace, _)| *workspace,
            parse_id: |id| id.parse().ok(),
        },
        within: None,
        page,
        filter: Vec::new(),
    }
}

impl Store {
    /// Reads the caller's newest workspaces, as many as one change of their name updates at once.
    pub async fn workspaces_to_rename_in(&self, caller: &Caller) -> Result<Vec<WorkspaceId>, Error> {
        let newest = PageRequest { limit: Limit::MOST, after: None };
        let page = self.page(keys::user_partition(caller.user()), notes(newest)).await?;
        Ok(page.items.into_iter().map(|(workspace, _)| workspace).take(COPIES).collect())
    }

    /// Reads a page of the caller's own workspaces, newest first, in two consistent round trips.
    pub async fn workspaces_of(
        &self,
        caller: &Caller,
        page: PageRequest<WorkspaceId>,
    ) -> Result<Page<Membership, WorkspaceId>, Error> {
        let noted = self.page(keys::user_partition(caller.user()), notes(page)).await?;
        let keys = |id| [keys::workspace(id), keys::billing(id), keys::runtime(id)];
        let keys: Vec<_> = noted.items.iter().flat_map(|(id, _)| keys(*id)).collect();
        let items = self.batch_get(&keys).await?;
        let found = |key| items.get(&key);
        let memberships = noted.items.iter().filter_map(|(id, role)| {
            let head = found(keys::workspace(*id))?;
            let billing = billing::parse(found(keys::billing(*id)));
            let runtime = found(keys::runtime(*id)).map(runtimes::parse).transpose();
            let workspace = workspaces::parse(head);
            let membership = workspace.and_then(|workspace| {
                Ok(Membership { workspace, billing: billing?, runtime: runtime?.unwrap_or_default(), role: *role })
            });
            // A workspace that is being deleted no longer exists for its members.
            Some(membership).filter(|found| found.as_ref().map_or(true, |membership| membership.workspace.live))
        });
        Ok(Page { items: memberships.collect::<Result<_, _>>()?, next: noted.next })
    }
}

pub(crate) fn parse_note(item: &Item) -> Result<(WorkspaceId, Role), Corrupt> {
    let stored: StoredMembership = decode(item)?;
    let id = keys::id_of(item, keys::MEMBERSHIP);
    let corrupt = Corrupt { wanted: StoredMembership::TYPE, version: StoredMembership::VERSION };
    Ok((id.ok_or(corrupt)?, stored.role))
}
