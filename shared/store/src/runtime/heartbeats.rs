//! The last report of a runtime's container. It is an item of its own, and its transaction names no other item, so that
//! a report conflicts with no other write. It is due when the container will have been idle long enough, or has missed
//! reports.

use crate::{
    Store,
    partitions::ItemKind,
    runtime::runtimes::{self, Recorded, RuntimeFacts},
    table::calls::TransactionOutcome,
    table::condition::is_still,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
};
use domain::{
    ids::WorkspaceId,
    outbox::RuntimeMessage,
    runtime::heartbeat::{Figures, Heartbeat},
    runtime::reconcile::LaunchNumber,
    runtime::record::Runtime,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredHeartbeat {
    version: u64,
    attempt: LaunchNumber,
    ram_used_mb: u64,
    cpu_percent: f64,
    at: Timestamp,
    active_at: Timestamp,
}

/// Stored type of a heartbeat.
pub(crate) const TYPE: &str = StoredHeartbeat::TYPE;

impl Stored for StoredHeartbeat {
    const KIND: ItemKind = ItemKind::Heartbeat;
}

/// Facts about a workspace whose container reports, or may be idle.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerFacts {
    /// The workspace, its billing and its runtime.
    pub runtime_facts: RuntimeFacts,
    /// The last report.
    pub heartbeat: Option<Heartbeat>,
}

/// Next step for the last report of an idle or lost container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeartbeatStep {
    /// The report is due at this time, or never.
    Due(Option<Timestamp>),
    /// The report belongs to a container that is gone, and is deleted.
    Delete,
}

/// Returns the workspace whose container may be idle, now that its heartbeat `item` is due.
pub(crate) fn overdue(item: &Item) -> Result<WorkspaceId, Corrupt> {
    keys::workspace_of(item).ok_or(Corrupt { wanted: TYPE, version: StoredHeartbeat::VERSION })
}

pub(crate) fn parse(item: &Item) -> Result<Heartbeat, Corrupt> {
    let StoredHeartbeat { version, attempt, ram_used_mb, cpu_percent, at, active_at } = decode(item)?;
    Ok(Heartbeat { version, attempt, figures: Figures { ram_used_mb, cpu_percent }, at, active_at })
}

fn item(workspace: WorkspaceId, heartbeat: &Heartbeat, due: Option<Timestamp>) -> Result<Item, Error> {
    let Heartbeat { version, attempt, figures: Figures { ram_used_mb, cpu_percent }, at, active_at } = *heartbeat;
    let stored = StoredHeartbeat { version, attempt, ram_used_mb, cpu_percent, at, active_at };
    let mut item = encode(&keys::heartbeat(workspace), &stored)?;
    if let Some(due) = due {
        item.extend(keys::due(workspace.ulid(), due));
    }
    Ok(item)
}

impl Entry<'_> {
    /// Reads the last report of the runtime's container.
    pub fn heartbeat(&mut self) -> Slot<Heartbeat> {
        let key = keys::heartbeat(self.workspace);
        self.also_item(key, parse)
    }
}

impl Store {
    /// Reads the facts on which a report is decided, in one round trip.
    pub async fn container_facts(&self, scope: &SystemScope) -> Result<ContainerFacts, Error> {
        let workspace = scope.workspace();
        let key = keys::heartbeat(workspace);
        let mut wanted = runtimes::runtime_fact_keys(workspace).to_vec();
        wanted.push(key.clone());
        let found = self.batch_get(&wanted).await?;
        let heartbeat = found.get(&key).map(parse).transpose()?;
        Ok(ContainerFacts { runtime_facts: runtimes::runtime_facts(self.plans(), workspace, &found)?, heartbeat })
    }

    /// Writes a report, if `before` is still the last one.
    pub async fn record_heartbeat(
        &self,
        scope: &SystemScope,
        before: Option<&Heartbeat>,
        next: &Heartbeat,
        due: Timestamp,
    ) -> Result<Recorded, Error> {
        let key = keys::heartbeat(scope.workspace());
        let mut transaction = Transaction::default();
        let version = before.map_or(0, |before| before.version);
        transaction.require(&key, is_still(version), ()).put(&key, item(scope.workspace(), next, Some(due))?);
        self.recorded(transaction).await
    }

    /// Makes the report due at another time, or deletes it, if it is still the last one.
    pub async fn update_heartbeat(
        &self,
        scope: &SystemScope,
        heartbeat: &Heartbeat,
        rested: HeartbeatStep,
    ) -> Result<Recorded, Error> {
        let key = keys::heartbeat(scope.workspace());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(heartbeat.version), ());
        match rested {
            HeartbeatStep::Due(due) => transaction.put(&key, item(scope.workspace(), heartbeat, due)?),
            HeartbeatStep::Delete => transaction.delete(&key),
        };
        self.recorded(transaction).await
    }

    /// Makes the report of a silent container due at another time and triggers the reconciler, if the report is still the
    /// last one.
    pub async fn report_silence(
        &self,
        scope: &SystemScope,
        heartbeat: &Heartbeat,
        due: Option<Timestamp>,
    ) -> Result<Recorded, Error> {
        let workspace = scope.workspace();
        let key = keys::heartbeat(workspace);
        let message = RuntimeMessage::Reconcile { workspace, generation: heartbeat.attempt.generation };
        let (outbox, message) = self.outbox_item(message, self.ambient().now())?;
        let mut transaction = Transaction::default();
        transaction
            .require(&key, is_still(heartbeat.version), ())
            .put(&key, item(workspace, heartbeat, due)?)
            .put(&outbox, message);
        self.recorded(transaction).await
    }

    /// Writes `next` in place of the idle runtime `before`, deletes the report, if there is one, and triggers the
    /// reconciler. Nothing is written if the runtime, the report or the billing has changed.
    pub async fn stop_idle_runtime(
        &self,
        scope: &SystemScope,
        RuntimeFacts { runtime: before, billing, .. }: &RuntimeFacts,
        next: &Runtime,
        heartbeat: Option<&Heartbeat>,
    ) -> Result<Recorded, Error> {
        let workspace = scope.workspace();
        let (key, report) = (keys::runtime(workspace), keys::heartbeat(workspace));
        let message = RuntimeMessage::Reconcile { workspace, generation: next.generation };
        let (outbox, message) = self.outbox_item(message, self.ambient().now())?;
        let mut transaction = Transaction::default();
        transaction
            .require(&key, is_still(before.version), ())
            .put(&key, runtimes::item(workspace, next)?)
            .require(&report, is_still(heartbeat.map_or(0, |heartbeat| heartbeat.version)), ())
            .require(&keys::billing(workspace), is_still(billing.version), ())
            .put(&outbox, message);
        if heartbeat.is_some() {
            transaction.delete(&report);
        }
        self.recorded(transaction).await
    }

    /// Commits a transaction that depends on versions only, and reports whether it was made.
    pub(crate) async fn recorded(&self, transaction: Transaction<()>) -> Result<Recorded, Error> {
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Recorded::Yes),
            TransactionOutcome::Refused(()) => Ok(Recorded::ChangedMeanwhile),
        }
    }
}
