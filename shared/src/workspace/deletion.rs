//! Deletes a workspace. It becomes inaccessible to everybody immediately. The sweeper deletes its parts afterwards and
//! confirms each on the receipt.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::{access::Action, denied::Denied},
    ids::{DeletionId, WorkspaceId},
    outbox::RuntimeMessage,
    workspace::deletion::{Deletion, DeletionError, DeletionPart},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Change, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// The treatment of other members when a workspace is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OtherMembers {
    /// Refuse the deletion if there are other members.
    #[default]
    Refuse,
    /// Delete the workspace for the other members, too.
    Include,
}

/// A requested deletion.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = Deletion)]
pub struct DeletionView {
    /// Id of the receipt.
    pub deletion_id: DeletionId,
}

/// Progress of a deletion.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = DeletionReceipt)]
pub struct ReceiptView {
    /// Id of the receipt.
    pub id: DeletionId,
    /// Id of the deleted workspace.
    pub workspace_id: WorkspaceId,
    /// Time at which the deletion was requested (RFC 3339, UTC).
    pub requested_at: Timestamp,
    /// Deletion of the container.
    pub runtime: PartView,
    /// Cancellation of the subscription.
    pub subscription: PartView,
    /// Deletion of the secrets of integrations.
    pub secrets: PartView,
    /// Deletion of the members and all remaining data.
    pub members: PartView,
}

/// Progress of one part of a deletion.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = DeletionPart)]
pub struct PartView {
    /// Status of the part.
    pub status: PartStatus,
    /// Time of the confirmation (RFC 3339, UTC); null while pending.
    pub confirmed_at: Option<Timestamp>,
}

/// Status of one part of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionPartStatus)]
pub enum PartStatus {
    /// The deletion of this part is not confirmed yet.
    Pending,
    /// This part is deleted.
    Confirmed,
}

/// Deletes `workspace`, which becomes inaccessible immediately. Until the deletion has ended, a repetition by the same person has
/// the same answer. The deletion counts against the caller's budget of
/// commands, so that creating and deleting workspaces in a loop cannot fill the queue of all tenants.
///
/// # Errors
/// [`Error::Command`] if the caller sends too many commands. Any other [`Error`] if the caller may not delete the
/// workspace, it has other members, the table fails, or concurrent changes exhaust the attempts.
pub async fn delete_workspace(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: OtherMembers,
) -> Result<DeletionView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || {
        try_delete(store, caller, workspace, others)
    })
    .await
}

async fn try_delete(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: OtherMembers,
) -> Result<DeletionView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, own) = (entry.runtime(), entry.allowance(caller.user()));
    let inside = match entry.load().await?.authorize(Action::DeleteWorkspace) {
        // The answer may have been lost, and the request sent again. A key cannot delete, and is refused otherwise.
        Err(Denied::Stranger) => {
            let pending = store.deletion_by(caller, workspace).await?.ok_or(Denied::Stranger)?;
            return Ok(DeletionView { deletion_id: pending.id });
        }
        authorized => authorized?,
    };
    if others == OtherMembers::Refuse && inside.workspace.counts.members > 1 {
        return Err(DeletionError::HasMembers.into());
    }
    let now = store.ambient().now();
    let runtime = inside.take(&slot)?.unwrap_or_default();
    let allowance = inside.take(&own)?.unwrap_or_default();
    let rest = allowance.take_command_token(now)?.without_workspace(workspace);
    let deletion = Deletion::requested(store.ambient().fresh(), workspace, caller.user(), now);
    let mut change = Change::<Error>::begin(store, &inside.scope, Entry::deleted(&inside.workspace), now)?;
    match others {
        OtherMembers::Refuse => {
            change.require_alone(DeletionError::HasMembers);
        }
        OtherMembers::Include => {}
    }
    change.write_allowance(caller.user(), &allowance, rest, Error::ChangedMeanwhile)?.delete_workspace(&deletion)?;
    change.enqueue(RuntimeMessage::Reconcile { workspace, generation: runtime.generation }, now)?;
    change.commit(None, (), now).await?;
    Ok(DeletionView { deletion_id: deletion.id })
}

/// Returns the receipt `id`, if the caller requested the deletion.
///
/// # Errors
/// [`Error::Deletion`] if there is no such receipt for the caller, or [`Error::Store`] if the table fails.
pub async fn read_receipt(store: &Store, caller: &Caller, id: DeletionId) -> Result<ReceiptView, Error> {
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
        runtime: part(DeletionPart::Runtime),
        subscription: part(DeletionPart::Subscription),
        secrets: part(DeletionPart::Secrets),
        members: part(DeletionPart::Members),
    })
}
