//! Searches among the invitations of a workspace that are not pages of a list.

use crate::scope::Scope;
use crate::{
    Store,
    table::calls::Query,
    table::condition::Condition,
    table::error::Error,
    table::item::{Item, text},
    table::keys,
    team::invitations::parse,
};
use domain::{
    email::Email,
    ids::{InvitationId, UserId, WorkspaceId},
    page::{Page, PageRequest},
    team::invitation::Invitation,
    workspace::head::Workspace,
};
use jiff::Timestamp;
use system_scope::SystemScope;

/// Number of invitations that one query examines. Every paid plan but the largest has fewer seats.
const SCAN_LIMIT: usize = 200;

/// Position at which a search through all invitations of a workspace continues.
#[derive(Debug, Clone)]
pub struct InvitationPosition(Item);

impl Store {
    /// Reads the invitations of `workspace` that `inviter` made, among the first [`SCAN_LIMIT`].
    pub(crate) async fn invitations_by(
        &self,
        workspace: WorkspaceId,
        inviter: UserId,
    ) -> Result<Vec<Invitation>, Error> {
        let filter = Condition::Equals("invited_by", text(inviter.to_string()));
        Ok(self.search(workspace, filter, None).await?.0)
    }

    /// Reads a part of the invitations that `inviter` made in a workspace, and the position of the next part.
    pub async fn invitations_by_page(
        &self,
        scope: &SystemScope,
        inviter: UserId,
        after: Option<InvitationPosition>,
    ) -> Result<(Vec<Invitation>, Option<InvitationPosition>), Error> {
        let filter = Condition::Equals("invited_by", text(inviter.to_string()));
        self.search(scope.workspace(), filter, after).await
    }

    /// Reads the invitations of the workspace that have expired and still hold their seats, among the first
    /// [`SCAN_LIMIT`].
    pub async fn expired_invitations(&self, scope: &Scope, now: Timestamp) -> Result<Vec<Invitation>, Error> {
        let passed = Condition::Below("due_at", now.as_millisecond().saturating_add(1));
        let (expired, _) = self.search(scope.workspace(), passed, None).await?;
        Ok(expired.into_iter().filter(|invitation| invitation.has_expired(now)).collect())
    }

    /// Reads a page of the invitations to `email` in all workspaces, newest first, each with its workspace, in two
    /// round trips. The index lags behind the table, so its items are read again from the table, and those that no
    /// longer exist are left out.
    pub async fn invitations_for(
        &self,
        email: &Email,
        page: PageRequest<InvitationId>,
    ) -> Result<Page<(Workspace, Invitation), InvitationId>, Error> {
        let limit = page.limit.get();
        let (partition, before) = keys::invitations_before(email, page.after);
        let query = Query::index("gsi1", "gsi1pk", partition).below("gsi1sk", text(before));
        let output = self.query(query.newest_first().limit(limit.saturating_add(1))).await?;
        let place = |item| Some((keys::workspace_of(item)?, keys::id_of(item, keys::INVITATION)?));
        let named: Vec<(WorkspaceId, InvitationId)> = output.items().iter().filter_map(place).collect();
        let (named, more) = named.split_at(named.len().min(limit));
        let next = named.last().filter(|_| !more.is_empty()).map(|(_, id)| *id);
        let heads: Vec<_> = named.iter().map(|(workspace, _)| keys::workspace(*workspace)).collect();
        let waiting: Vec<_> = named.iter().map(|(workspace, id)| keys::invitation(*workspace, *id)).collect();
        // A batch takes 100 keys, which is the length of the longest page.
        let (found, invitations) = tokio::try_join!(self.batch_get(&heads), self.batch_get(&waiting))?;
        let items = heads.iter().zip(&waiting).filter_map(|(head, invitation)| {
            let (head, invitation) = (found.get(head)?, invitations.get(invitation)?);
            Some(crate::workspace::workspaces::parse(head).and_then(|head| Ok((head, parse(invitation)?))))
        });
        Ok(Page { items: items.collect::<Result<_, _>>()?, next })
    }

    async fn search(
        &self,
        workspace: WorkspaceId,
        filter: Condition,
        after: Option<InvitationPosition>,
    ) -> Result<(Vec<Invitation>, Option<InvitationPosition>), Error> {
        let query = Query::table(keys::workspace_partition(workspace)).starting_with(keys::INVITATION);
        let after = after.map(|InvitationPosition(place)| place);
        let output = self.query(query.filter(&filter).after(after).limit(SCAN_LIMIT)).await?;
        let found = output.items().iter().map(parse).collect::<Result<_, _>>()?;
        Ok((found, output.last_evaluated_key.map(InvitationPosition)))
    }
}
