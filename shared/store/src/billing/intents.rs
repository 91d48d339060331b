//! Intents: commands to Stripe that are pending or were left unfinished. Each has one item for as long as its outcome
//! is not known. It is due when its writer must have ended.
//!
//! The billing item names the open intent, so that a workspace never has two.

use super::account::item as billing_item;
use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::change::{Change, scope_conditions},
    table::condition::{Condition, is_still},
    table::error::{Corrupt, Error},
    table::idempotency,
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    billing::account::Billing,
    billing::intent::{Intent, IntentNumber, Order, PATIENCE},
    command::Fingerprint,
    identity::denied::Denied,
    identity::origin::Origin,
    ids::{UserId, WorkspaceId},
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredIntent {
    attempt: IntentNumber,
    first: IntentNumber,
    actor: UserId,
    #[serde(default)]
    actor_name: Option<PersonName>,
    request_id: String,
    ip_address: Option<String>,
    given_at: Timestamp,
    begun_at: Timestamp,
    order: Order,
    command: Option<String>,
    command_body: Option<String>,
}

/// Stored type of an intent.
pub(crate) const TYPE: &str = StoredIntent::TYPE;

impl Stored for StoredIntent {
    const KIND: ItemKind = ItemKind::Intent;
}

/// Returns the workspace of the unfinished intent in `item`.
pub(crate) fn unfinished(item: &Item) -> Result<WorkspaceId, Corrupt> {
    keys::workspace_of(item).ok_or(Corrupt { wanted: TYPE, version: StoredIntent::VERSION })
}

pub(crate) fn parse(item: &Item) -> Result<Intent, Corrupt> {
    let stored: StoredIntent = decode(item)?;
    Ok(Intent {
        attempt: stored.attempt,
        first: stored.first,
        actor: stored.actor,
        actor_name: stored.actor_name,
        origin: Origin { request_id: stored.request_id, ip_address: stored.ip_address },
        given_at: stored.given_at,
        begun_at: stored.begun_at,
        order: stored.order,
        command: stored.command.zip(stored.command_body).map(|(command, body)| Fingerprint { command, body }),
    })
}

fn item(workspace: WorkspaceId, intent: &Intent) -> Result<Item, Error> {
    let (command, command_body) = intent.command.clone().map(|known| (known.command, known.body)).unzip();
    let stored = StoredIntent {
        attempt: intent.attempt,
        first: intent.first,
        actor: intent.actor,
        actor_name: intent.actor_name.clone(),
        request_id: intent.origin.request_id.clone(),
        ip_address: intent.origin.ip_address.clone(),
        given_at: intent.given_at,
        begun_at: intent.begun_at,
        order: intent.order.clone(),
        command,
        command_body,
    };
    let mut item = encode(&keys::intent(workspace, intent.attempt), &stored)?;
    let due_at = intent.begun_at.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
    item.extend(keys::due(workspace.ulid(), due_at));
    Ok(item)
}

/// Result of writing an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The intent was written.
    Yes,
    /// Another change of the billing came first.
    ChangedMeanwhile,
    /// The command was already sent under the same key.
    Repeated,
}

enum Refused {
    Denied(Denied),
    Outrun(Opened),
}

impl Store {
    /// Writes `intent`, and `next` in place of the billing `before`. The record of its idempotency key has no answer
    /// until the intent is closed.
    ///
    /// # Errors
    /// [`Error`] if the table fails, [`Denied`] if the caller may no longer do it; both converted to `E`.
    pub async fn open_intent<E: From<Error> + From<Denied>>(
        &self,
        scope: &Scope,
        before: &Billing,
        next: &Billing,
        intent: &Intent,
    ) -> Result<Opened, E> {
        let workspace = scope.workspace();
        let mut transaction = Transaction::default();
        for (key, condition, denied) in scope_conditions(scope) {
            transaction.require(&key, condition, Refused::Denied(denied));
        }
        self.place_intent(&mut transaction, workspace, before, next, intent)?;
        if let Some(command) = &intent.command {
            let key = keys::idempotency(intent.actor, &command.command);
            let item = idempotency::reservation(&key, command, intent.given_at)?;
            transaction.first(&key, item, Refused::Outrun(Opened::Repeated), intent.given_at);
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Opened::Yes),
            TransactionOutcome::Refused(Refused::Outrun(why)) => Ok(why),
            TransactionOutcome::Refused(Refused::Denied(denied)) => Err(denied.into()),
        }
    }

    fn place_intent(
        &self,
        transaction: &mut Transaction<Refused>,
        workspace: WorkspaceId,
        before: &Billing,
        next: &Billing,
        intent: &Intent,
    ) -> Result<(), Error> {
        let billing = keys::billing(workspace);
        transaction
            .require(&billing, is_still(before.version), Refused::Outrun(Opened::ChangedMeanwhile))
            .put(&billing, billing_item(workspace, next)?)
            .put_new(
                &keys::intent(workspace, intent.attempt),
                item(workspace, intent)?,
                Refused::Outrun(Opened::ChangedMeanwhile),
            );
        Ok(())
    }

    /// Writes `intent`, the next attempt at the same command, in place of `left`.
    pub async fn repeat_intent(
        &self,
        scope: &SystemScope,
        before: &Billing,
        next: &Billing,
        left: &Intent,
        intent: &Intent,
    ) -> Result<Opened, Error> {
        let workspace = scope.workspace();
        let mut transaction = Transaction::default();
        self.place_intent(&mut transaction, workspace, before, next, intent)?;
        transaction.delete(&keys::intent(workspace, left.attempt));
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Opened::Yes),
            TransactionOutcome::Refused(_) => Ok(Opened::ChangedMeanwhile),
        }
    }

    /// Closes `intent`, which has changed nothing, and writes `next` in place of the billing `before`. Its command is
    /// answered with `answer` afterwards. Without an answer it was refused, and may be sent again under the same key.
    pub async fn close_unchanged_intent(
        &self,
        scope: &SystemScope,
        before: &Billing,
        next: &Billing,
        intent: &Intent,
        answer: Option<&impl Serialize>,
    ) -> Result<Opened, Error> {
        let workspace = scope.workspace();
        let (billing, open) = (keys::billing(workspace), keys::intent(workspace, intent.attempt));
        let mut transaction = Transaction::default();
        transaction
            .require(&billing, is_still(before.version), ())
            .put(&billing, billing_item(workspace, next)?)
            .require(&open, Condition::Equals("_type", text(TYPE)), ())
            .delete(&open);
        if let Some(command) = &intent.command {
            let key = keys::idempotency(intent.actor, &command.command);
            match answer {
                Some(answer) => {
                    transaction.put(&key, idempotency::item(&key, command, answer, self.ambient().now())?);
                }
                None => {
                    transaction.delete(&key);
                }
            }
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Opened::Yes),
            TransactionOutcome::Refused(()) => Ok(Opened::ChangedMeanwhile),
        }
    }

    /// Reads the intent `attempt`; `None` if its outcome is known.
    pub async fn intent(&self, scope: &SystemScope, attempt: IntentNumber) -> Result<Option<Intent>, Error> {
        let key = keys::intent(scope.workspace(), attempt);
        self.read_item(&key, parse).await
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Stores `intent`, which the written billing names; `taken` if there is one of this attempt. It has no idempotency
    /// key.
    pub fn store_intent(&mut self, intent: &Intent, taken: impl Into<E>) -> Result<&mut Self, Error> {
        let workspace = self.scope.workspace();
        Ok(self.put_new(&keys::intent(workspace, intent.attempt), item(workspace, intent)?, taken))
    }

    /// Closes `intent` with `answer`, which answers its command afterwards; `done` if somebody else has closed it.
    pub fn close_intent(
        &mut self,
        intent: &Intent,
        answer: &impl Serialize,
        done: impl Into<E>,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let key = keys::intent(self.scope.workspace(), intent.attempt);
        self.require(&key, Condition::Equals("_type", text(TYPE)), done).delete(&key);
        if let Some(command) = &intent.command {
            let key = keys::idempotency(intent.actor, &command.command);
            let item = idempotency::item(&key, command, answer, now)?;
            self.put(&key, item);
        }
        Ok(self)
    }
}
