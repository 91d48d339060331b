//! Deletions. A pending deletion is stored with the workspace and is due until it is done; the receipt is stored with
//! the user who requested it.

use crate::{
    Store,
    partitions::ItemKind,
    runtime::runtimes::{Recorded, RuntimeFacts},
    table::change::Change,
    table::condition::{Condition, is_still},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number, text},
    table::keys::{self, Key},
    table::transaction::Transaction,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    identity::denied::Denied,
    ids::{AuditId, DeletionId, UserId, WorkspaceId},
    workspace::deletion::{Deletion, DeletionPart, RECEIPT_KEPT},
};
use identity::Caller;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDeletion {
    id: DeletionId,
    workspace: WorkspaceId,
    requested_by: UserId,
    requested_at: Timestamp,
    runtime_at: Option<Timestamp>,
    subscription_at: Option<Timestamp>,
    secrets_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased_until: Option<AuditId>,
    members_at: Option<Timestamp>,
}

/// Stored type of a deletion.
pub(crate) const TYPE: &str = StoredDeletion::TYPE;

impl Stored for StoredDeletion {
    const KIND: ItemKind = ItemKind::Deletion;
}

pub(crate) fn parse(item: &Item) -> Result<Deletion, Corrupt> {
    let stored: StoredDeletion = decode(item)?;
    Ok(Deletion {
        id: stored.id,
        workspace: stored.workspace,
        requested_by: stored.requested_by,
        requested_at: stored.requested_at,
        runtime_at: stored.runtime_at,
        subscription_at: stored.subscription_at,
        secrets_at: stored.secrets_at,
        erased_until: stored.erased_until,
        members_at: stored.members_at,
    })
}

fn item(key: &Key, deletion: &Deletion) -> Result<Item, Error> {
    let stored = StoredDeletion {
        id: deletion.id,
        workspace: deletion.workspace,
        requested_by: deletion.requested_by,
        requested_at: deletion.requested_at,
        runtime_at: deletion.runtime_at,
        subscription_at: deletion.subscription_at,
        secrets_at: deletion.secrets_at,
        erased_until: deletion.erased_until,
        members_at: deletion.members_at,
    };
    encode(key, &stored)
}

/// Name of the field that holds the time at which `part` was confirmed.
const fn field(part: DeletionPart) -> &'static str {
    match part {
        DeletionPart::Runtime => "runtime_at",
        DeletionPart::Subscription => "subscription_at",
        DeletionPart::Secrets => "secrets_at",
        DeletionPart::Members => "members_at",
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Makes the workspace inaccessible to everybody and records the pending deletion.
    pub fn delete_workspace(&mut self, deletion: &Deletion) -> Result<&mut Self, Error> {
        let workspace = deletion.workspace;
        let (under_way, receipt) = (keys::deletion(workspace), keys::receipt(deletion.requested_by, deletion.id));
        let mut pending_item = item(&under_way, deletion)?;
        pending_item.extend(keys::due(deletion.id.ulid(), deletion.requested_at));
        let receipt_item = item(&receipt, deletion)?;
        let gone = [("live".to_owned(), AttributeValue::Bool(false))];
        Ok(self.set(&keys::workspace(workspace), gone).put(&under_way, pending_item).put(&receipt, receipt_item))
    }

    /// Requires that the workspace has no member other than its owner; `others` otherwise.
    pub fn require_alone(&mut self, others: impl Into<E>) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.require(&key, Condition::Below("member_count", 2), others)
    }
}

impl Store {
    /// Reads the caller's receipt with the id `id`.
    pub async fn receipt(&self, caller: &Caller, id: DeletionId) -> Result<Option<Deletion>, Error> {
        let key = keys::receipt(caller.user(), id);
        let now = self.ambient().now();
        let has_expired = |deletion: &Deletion| deletion.members_at.is_some_and(|at| at + RECEIPT_KEPT <= now);
        Ok(self.read_item(&key, parse).await?.filter(|deletion| !has_expired(deletion)))
    }

    /// Reads the pending deletion of a workspace, if `caller` requested it.
    pub async fn deletion_by(&self, caller: &Caller, workspace: WorkspaceId) -> Result<Option<Deletion>, Error> {
        let pending = self.read_item(&keys::deletion(workspace), parse).await?;
        Ok(pending.filter(|deletion| deletion.requested_by == caller.user()))
    }

    /// Reads the pending deletion of a workspace.
    pub async fn deletion(&self, scope: &SystemScope) -> Result<Option<Deletion>, Error> {
        let key = keys::deletion(scope.workspace());
        self.read_item(&key, parse).await
    }

    /// Confirms `part`, as long as the deletion is pending.
    pub async fn confirm_deletion_part(&self, deletion: &Deletion, part: DeletionPart) -> Result<Recorded, Error> {
        let transaction = self.confirming(deletion, part);
        self.recorded(transaction).await
    }

    /// Confirms that the runtime is gone and deletes its record in the version that was read. A reconciler that read an
    /// older version can write nothing afterwards.
    pub async fn confirm_runtime(
        &self,
        deletion: &Deletion,
        RuntimeFacts { runtime, .. }: &RuntimeFacts,
    ) -> Result<Recorded, Error> {
        let key = keys::runtime(deletion.workspace);
        let mut transaction = self.confirming(deletion, DeletionPart::Runtime);
        transaction.require(&key, is_still(runtime.version), ());
        if runtime.version > 0 {
            transaction.delete(&key);
        }
        self.recorded(transaction).await
    }

    /// Finishes a deletion that has no leftovers: deletes its own item and the workspace's head. The receipt stays.
    pub async fn finish_deletion(&self, deletion: &Deletion) -> Result<Recorded, Error> {
        let mut transaction = Transaction::default();
        let (under_way, receipt) =
            (keys::deletion(deletion.workspace), keys::receipt(deletion.requested_by, deletion.id));
        transaction
            .require(&under_way, is_of(deletion), ())
            .delete(&under_way)
            .delete(&keys::workspace(deletion.workspace))
            .set(&receipt, [self.now_in(DeletionPart::Members), self.receipt_ttl()]);
        self.recorded(transaction).await
    }

    /// Notes the last audit record from which personal data was erased, as long as the deletion is pending.
    pub async fn note_erased_until(&self, deletion: &Deletion, last: AuditId) -> Result<Recorded, Error> {
        let under_way = keys::deletion(deletion.workspace);
        let mut transaction = Transaction::default();
        let erased = ("erased_until".to_owned(), text(last.to_string()));
        transaction.require(&under_way, is_of(deletion), ()).set(&under_way, [erased]);
        self.recorded(transaction).await
    }

    fn receipt_ttl(&self) -> (String, AttributeValue) {
        let until = self.ambient().now().saturating_add(RECEIPT_KEPT).unwrap_or(Timestamp::MAX);
        (TTL.to_owned(), number(until.as_second()))
    }

    fn confirming(&self, deletion: &Deletion, part: DeletionPart) -> Transaction<()> {
        let (under_way, receipt) =
            (keys::deletion(deletion.workspace), keys::receipt(deletion.requested_by, deletion.id));
        let mut transaction = Transaction::default();
        transaction
            .require(&under_way, is_of(deletion), ())
            .set(&under_way, [self.now_in(part)])
            .set(&receipt, [self.now_in(part)]);
        transaction
    }

    fn now_in(&self, part: DeletionPart) -> (String, AttributeValue) {
        (field(part).to_owned(), text(self.ambient().now().to_string()))
    }
}

/// Condition: this very deletion is pending.
fn is_of(deletion: &Deletion) -> Condition {
    Condition::Equals("id", text(deletion.id.to_string()))
}
