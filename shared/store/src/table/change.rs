//! A user's change to a workspace: its writes, one audit record, and the conditions under which it was authorized.

use crate::scope::Scope;
use crate::{
    Store,
    audit::head::{Continuation, KnownHead},
    table::calls::{Sent, Waits, failed},
    table::condition::Condition,
    table::error::Error,
    table::idempotency,
    table::item::{Item, number, text},
    table::keys::{self, Key},
    table::transaction::{Failed, Number, Transaction},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::record::Record,
    command::{Fingerprint, Reply},
    identity::access::WhileSuspended,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::Integration,
    keys::{record::Basis, refusal::KeyRefusal},
};
use jiff::Timestamp;
use serde::Serialize;

/// A change under construction, refused with an `E`. The files of the aggregates add their writes.
#[derive(Debug)]
pub struct Change<'a, E> {
    pub(crate) store: &'a Store,
    pub(crate) scope: &'a Scope,
    transaction: Transaction<Cause<E>>,
    logs: Vec<Continuation>,
}

/// Reason for which a transaction was refused.
#[derive(Debug)]
enum Cause<E> {
    /// The command was already executed.
    Repeated,
    /// A condition of the change does not hold.
    Refused(E),
}

/// Conditions under which `scope` holds, each with the error that its failure means. A scope of a member requires an
/// active membership of the same role in a live workspace. One of an API key requires the unchanged key, and the same of its maker
/// unless it is a service key. It also requires that the workspace is not suspended, if a
/// suspension stops the action.
pub(crate) fn scope_conditions(scope: &Scope) -> Vec<(Key, Condition, Denied)> {
    let Some(role) = scope.role() else { return Vec::new() };
    let member = keys::member(scope.workspace(), scope.actor());
    let head = keys::workspace(scope.workspace());
    let mut rests_on = vec![(head.clone(), is_live(), Denied::Stranger)];
    let joined_at = match scope.key() {
        Some(proof) => {
            let key = keys::api_key(scope.workspace(), proof.id);
            rests_on.push((key, Condition::Equals("rights", number(proof.rights)), KeyRefusal::Changed.into()));
            match proof.basis {
                Basis::Maker { joined_at } => Some(Some(joined_at)),
                Basis::Workspace => None,
            }
        }
        None => Some(None),
    };
    if let Some(joined_at) = joined_at {
        let left = if joined_at.is_some() { KeyRefusal::MakerLeft.into() } else { Denied::Stranger };
        rests_on.push((member.clone(), Condition::Equals("status", text("active")), left));
        if let Some(joined_at) = joined_at {
            let same = Condition::Equals("accepted_at", text(joined_at.to_string()));
            rests_on.push((member.clone(), same, KeyRefusal::MakerLeft.into()));
        }
        rests_on.push((member, Condition::Equals("role", text(role.name())), Denied::RoleChanged));
    }
    match scope.while_suspended() {
        WhileSuspended::Continues => {}
        WhileSuspended::Refused => rests_on.push((head, is_unsuspended(), Denied::Suspended)),
    }
    rests_on
}

/// Condition: the operator has not suspended the workspace.
fn is_unsuspended() -> Condition {
    Condition::Unset("suspended")
}

/// Condition: nobody has requested the deletion of the workspace.
pub(crate) fn is_live() -> Condition {
    Condition::Equals("live", AttributeValue::Bool(true))
}

impl<'a, E: From<Error> + From<Denied>> Change<'a, E> {
    /// Begins a change that requires the conditions of `scope`, without an audit record. Only [`Self::begin`] calls
    /// this.
    pub(crate) fn with_scope_conditions(store: &'a Store, scope: &'a Scope, now: Timestamp) -> Self {
        let mut change = Self { store, scope, transaction: Transaction::default(), logs: Vec::new() };
        for (key, condition, denied) in scope_conditions(scope) {
            change.require(&key, condition, denied);
        }
        if let Some(presence) = scope.presence() {
            change.note_presence(presence, now);
        }
        change
    }

    /// Adds an audit record in `workspace`, whose log has this `head`, unless it is known already.
    pub(crate) fn record(&mut self, workspace: WorkspaceId, head: KnownHead, record: Record) -> &mut Self {
        let at = self.logs.iter().position(|log| log.workspace() == workspace).unwrap_or(self.logs.len());
        if at == self.logs.len() {
            self.logs.push(Continuation::new(workspace, head));
        }
        if let Some(log) = self.logs.get_mut(at) {
            log.add(record, self.store);
        }
        self
    }

    /// Records with the head of the audit log which of its events an integration gets, if that changes.
    pub(crate) fn select_audit_events(&mut self, before: Option<&Integration>, next: &Integration) -> &mut Self {
        let (was, is) = (before.map(Integration::audit_events).unwrap_or_default(), next.audit_events());
        if was != is
            && let Some(log) = self.logs.first_mut()
        {
            log.select(next.config.kind(), is);
        }
        self
    }

    /// Requires that the workspace exists and nobody has requested its deletion.
    pub fn require_live(&mut self, meaning: impl Into<E>) -> &mut Self {
        let head = keys::workspace(self.scope.workspace());
        self.require(&head, is_live(), meaning)
    }

    /// Requires that the workspace is not suspended.
    pub fn require_unsuspended(&mut self, meaning: impl Into<E>) -> &mut Self {
        let head = keys::workspace(self.scope.workspace());
        self.require(&head, is_unsuspended(), meaning)
    }

    pub(crate) fn require(&mut self, key: &Key, condition: Condition, meaning: impl Into<E>) -> &mut Self {
        self.transaction.require(key, condition, Cause::Refused(meaning.into()));
        self
    }

    pub(crate) fn put(&mut self, key: &Key, item: Item) -> &mut Self {
        self.transaction.put(key, item);
        self
    }

    pub(crate) fn put_new(&mut self, key: &Key, item: Item, taken: impl Into<E>) -> &mut Self {
        self.transaction.put_new(key, item, Cause::Refused(taken.into()));
        self
    }

    pub(crate) fn delete(&mut self, key: &Key) -> &mut Self {
        self.transaction.delete(key);
        self
    }

    pub(crate) fn set(
        &mut self,
        key: &Key,
        attributes: impl IntoIterator<Item = (String, AttributeValue)>,
    ) -> &mut Self {
        self.transaction.set(key, attributes);
        self
    }

    pub(crate) fn add(&mut self, key: &Key, to: impl Into<Number>, amount: i64) -> &mut Self {
        self.transaction.add(key, to, amount);
        self
    }

    /// Makes the change and returns `answer`. If another request executed `command` in the meantime, nothing changes
    /// and the answer of that request is returned.
    ///
    /// # Errors
    /// The error of the first stated condition that does not hold, or [`Error`] if the table fails.
    pub async fn commit<T: Serialize>(
        self,
        command: Option<&Fingerprint>,
        answer: T,
        now: Timestamp,
    ) -> Result<Reply<T>, E> {
        let Self { store, scope, mut transaction, mut logs } = self;
        if let Some(command) = command {
            let key = keys::idempotency(scope.actor(), &command.command);
            let item = idempotency::item(&key, command, &answer, now)?;
            transaction.first(&key, item, Cause::Repeated, now);
        }
        for log in &mut logs {
            log.read_head(store).await?;
        }
        let decided = transaction.items(store.table_name())?;
        for attempt in 0..Waits::SHRINKING.attempts {
            store.wait(Waits::SHRINKING, attempt).await;
            let continued = logs.iter().map(|log| log.actions(store)).collect::<Result<Vec<_>, _>>()?;
            let items = decided.iter().cloned().chain(continued.iter().flatten().cloned()).collect();
            let reasons = match store.send(items, Waits::SHRINKING).await? {
                Sent::Done => return Ok(Reply::First(answer)),
                Sent::Refused(reasons) => reasons,
            };
            let (of_change, mut of_logs) = reasons.split_at_checked(decided.len()).unwrap_or((&reasons, &[]));
            let mut moved = false;
            for (log, actions) in logs.iter_mut().zip(&continued) {
                let (own, further) = of_logs.split_at_checked(actions.len()).unwrap_or((of_logs, &[]));
                moved |= log.moved(own)?;
                of_logs = further;
            }
            let failed = failed(of_change);
            // Only the log has moved: the decision holds, and the record follows another one.
            if moved && !failed.iter().any(|failed| matches!(failed, Failed::With(_))) {
                continue;
            }
            return match transaction.refusal(&failed)? {
                Cause::Refused(refusal) => Err(refusal),
                Cause::Repeated => Ok(store.earlier_answer(scope.actor(), command).await?.ok_or(Error::Contended)?),
            };
        }
        Err(Error::Contended)?
    }
}
