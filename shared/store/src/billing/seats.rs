//! Requests to compare the seats of a workspace with Stripe. Each is due until Stripe has the right number.
//!
//! A request is written in the transaction of each change of the number of members, if the company sells seats. A new
//! request replaces the former one under another id, so that a worker deletes only what it has read.

use super::account::item as billing_item;
use crate::{
    Store,
    billing::parse as parse_billing,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::change::Change,
    table::condition::{Condition, is_still},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::transaction::Transaction,
    workspace::workspaces,
};
use domain::{
    billing::account::Billing,
    identity::denied::Denied,
    ids::{SeatCheckId, WorkspaceId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredSeatCheck {
    id: SeatCheckId,
}

impl Stored for StoredSeatCheck {
    const KIND: ItemKind = ItemKind::SeatCheck;
}

pub(crate) const TYPE: &str = StoredSeatCheck::TYPE;

/// A request to compare the seats of a workspace with Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatCheck {
    /// Id of the request.
    pub id: SeatCheckId,
    /// The workspace.
    pub workspace: WorkspaceId,
}

/// Facts about the seats of a workspace, read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatFacts {
    /// Billing of the workspace.
    pub billing: Billing,
    /// Number of active members; `None` if the workspace does not exist.
    pub members: Option<u64>,
}

pub(crate) fn parse(item: &Item) -> Result<SeatCheck, Corrupt> {
    let StoredSeatCheck { id } = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredSeatCheck::TYPE, version: StoredSeatCheck::VERSION };
    Ok(SeatCheck { id, workspace: keys::workspace_of(item).ok_or_else(corrupt)? })
}

/// Returns the item of `check`, which is due at `at`.
fn item(SeatCheck { id, workspace }: SeatCheck, at: Timestamp) -> Result<Item, Error> {
    let mut item = encode(&keys::seat_check(workspace), &StoredSeatCheck { id })?;
    item.extend(keys::due(workspace.ulid(), at));
    Ok(item)
}

fn is_same(check: SeatCheck) -> Condition {
    Condition::Equals("id", text(check.id.to_string()))
}

impl Store {
    /// Reads the billing and the number of members of a workspace.
    pub async fn seat_facts(&self, scope: &SystemScope) -> Result<SeatFacts, Error> {
        let (billing, head) = (keys::billing(scope.workspace()), keys::workspace(scope.workspace()));
        let found = self.batch_get(&[billing.clone(), head.clone()]).await?;
        let head = found.get(&head).map(workspaces::parse).transpose()?;
        Ok(SeatFacts {
            billing: parse_billing(found.get(&billing))?,
            members: head.map(|workspace| workspace.counts.members),
        })
    }

    /// Writes `next`, which begins or ends the setting of seats, in place of the billing `before`. Returns false if another
    /// change came first.
    pub async fn mark_setting_seats(
        &self,
        scope: &SystemScope,
        before: &Billing,
        next: &Billing,
    ) -> Result<bool, Error> {
        let key = keys::billing(scope.workspace());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, billing_item(scope.workspace(), next)?);
        self.is_done(transaction).await
    }

    /// Postpones `check` until `at`, unless another request has replaced it.
    pub async fn postpone_seat_check(&self, check: SeatCheck, at: Timestamp) -> Result<(), Error> {
        let key = keys::seat_check(check.workspace);
        let mut transaction = Transaction::default();
        transaction.require(&key, is_same(check), ()).put(&key, item(check, at)?);
        self.is_done(transaction).await.map(drop)
    }

    /// Deletes `check`, unless another request has replaced it.
    pub async fn delete_seat_check(&self, check: SeatCheck) -> Result<(), Error> {
        let key = keys::seat_check(check.workspace);
        let mut transaction = Transaction::default();
        transaction.require(&key, is_same(check), ()).delete(&key);
        self.is_done(transaction).await.map(drop)
    }

    async fn is_done(&self, transaction: Transaction<()>) -> Result<bool, Error> {
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }

    /// Returns the key and the item of a new request for `workspace`, which is due now.
    pub(super) fn new_seat_check(&self, workspace: WorkspaceId) -> Result<(keys::Key, Item), Error> {
        let check = SeatCheck { id: self.ambient().fresh(), workspace };
        Ok((keys::seat_check(workspace), item(check, self.ambient().now())?))
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Requests a comparison of the seats with Stripe after this change, if the company sells seats.
    pub fn request_seat_check(&mut self) -> Result<&mut Self, Error> {
        if self.store.plans().sell_seats() {
            let (key, item) = self.store.new_seat_check(self.scope.workspace())?;
            self.put(&key, item);
        }
        Ok(self)
    }
}
