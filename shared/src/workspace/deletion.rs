//! Deleting a workspace: it is gone for everybody at once. The sweeper takes it apart afterwards, each part confirmed on the receipt.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::access::Action,
    ids::{DeletionId, WorkspaceId},
    outbox::Message,
    workspace::deletion::{Deletion, DeletionError, Part},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Change, Store};
use workers::decisions::DECISIONS;

/// Whether others may be among the members of a workspace that is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Others {
    /// They keep it.
    #[default]
    Keep,
    /// They lose it.
    Lose,
}

/// What somebody who deletes a workspace is told.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(title = "DeletionRequested")]
pub struct DeletionView {
    /// The id of the receipt.
    pub deletion_id: DeletionId,
}

/// How far a deletion has come.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Receipt")]
pub struct ReceiptView {
    /// Its id.
    pub id: DeletionId,
    /// What is deleted.
    pub workspace_id: WorkspaceId,
    /// When that was asked for.
    pub requested_at: Timestamp,
    /// Its container.
    pub runtime: PartView,
    /// Its subscription.
    pub subscription: PartView,
    /// The secrets of its integrations.
    pub secrets: PartView,
    /// Its members, and all else.
    pub members: PartView,
}

/// How far one part of a deletion has come.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(title = "ReceiptPart")]
pub struct PartView {
    /// How far.
    pub status: PartStatus,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
}

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartStatus {
    /// It is not known to be gone.
    Pending,
    /// It is gone.
    Confirmed,
}

/// Deletes `workspace`: nobody enters it from now on. It counts as one of the caller's commands, so that workspaces which are created
/// and deleted without end do not fill the queue of all tenants.
///
/// # Errors
/// [`Error::Command`] if the caller sends too many commands, or another [`Error`].
pub async fn delete(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: Others,
) -> Result<DeletionView, Error> {
    for _ in 0..DECISIONS {
        match try_delete(store, caller, workspace, others).await {
            Err(Error::ChangedMeanwhile) => {}
            decided => return decided,
        }
    }
    Err(Error::ChangedMeanwhile)
}

async fn try_delete(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: Others,
) -> Result<DeletionView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, own) = (entry.runtime(), entry.allowance(caller.user()));
    let inside = entry.read().await?.as_member(Action::DeleteWorkspace)?;
    if others == Others::Keep && inside.workspace.counts.members > 1 {
        return Err(DeletionError::HasMembers.into());
    }
    let now = store.ambient().now();
    let runtime = inside.take(&slot)?.unwrap_or_default();
    let allowance = inside.take(&own)?.unwrap_or_default();
    let rest = allowance.commanded(now)?.without_workspace(workspace);
    let deletion = Deletion::requested(store.ambient().fresh(), workspace, caller.user(), now);
    let mut change = Change::<Error>::begin(store, &inside.scope, Entry::deleted(&inside.workspace), now)?;
    match others {
        Others::Keep => {
            change.require_alone(DeletionError::HasMembers);
        }
        Others::Lose => {}
    }
    change.keep_allowance(caller.user(), &allowance, rest, Error::ChangedMeanwhile)?.delete_workspace(&deletion)?;
    change.set_off(Message::Reconcile { workspace, generation: runtime.generation }, now)?;
    change.commit(None, (), now).await?;
    Ok(DeletionView { deletion_id: deletion.id })
}

/// The receipt `id`, for whoever asked for the deletion.
///
/// # Errors
/// [`Error`].
pub async fn receipt(store: &Store, caller: &Caller, id: DeletionId) -> Result<ReceiptView, Error> {
    let deletion = store.receipt(caller, id).await?.ok_or(DeletionError::Unknown)?;
    let part = |part| {
        let confirmed_at = deletion.confirmed_at(part);
        let status = if confirmed_at.is_some() { PartStatus::Confirmed } else { PartStatus::Pending };
        PartView { status, confirmed_at }
    };
    Ok(ReceiptView {
        id,
        workspace_id: deletion.workspace,
        requested_at: deletion.requested_at,
        runtime: part(Part::Runtime),
        subscription: part(Part::Subscription),
        secrets: part(Part::Secrets),
        members: part(Part::Members),
    })
}
