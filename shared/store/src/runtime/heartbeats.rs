//! What a runtime's container reported last: an item of its own, which names no other in its transaction, so that a report
//! disturbs nobody's version. Due when the container will have been idle for long enough.

use crate::{
    Store,
    runtime::runtimes::{self, Recorded, Tended},
    table::calls::Outcome,
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
    outbox::Message,
    runtime::heartbeat::{Figures, Heartbeat},
    runtime::reconcile::Attempt,
    runtime::record::Runtime,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredHeartbeat {
    version: u64,
    attempt: Attempt,
    ram_used_mb: u64,
    cpu_percent: f64,
    at: Timestamp,
    active_at: Timestamp,
}

/// What a heartbeat's item is.
pub(crate) const TYPE: &str = "heartbeat";

impl Stored for StoredHeartbeat {
    const TYPE: &'static str = TYPE;
}

/// What is known of a workspace when its container reports, or may be idle.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The workspace, its billing and its runtime.
    pub tended: Tended,
    /// The last report.
    pub heartbeat: Option<Heartbeat>,
}

/// What becomes of a report once its container is idle, or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rested {
    /// It is due at this time, or never.
    Due(Option<Timestamp>),
    /// It tells of a container that is gone, and is forgotten.
    Forgotten,
}

/// The workspace whose container may be idle, now that its heartbeat `item` is due.
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
    /// What the runtime's container reported last.
    pub fn heartbeat(&mut self) -> Slot<Heartbeat> {
        let key = keys::heartbeat(self.workspace);
        self.also(key, parse)
    }
}

impl Store {
    /// What decides on a report, in one read.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn known_of_container(&self, scope: &SystemScope) -> Result<Known, Error> {
        let workspace = scope.workspace();
        let key = keys::heartbeat(workspace);
        let mut wanted = runtimes::tended_keys(workspace).to_vec();
        wanted.push(key.clone());
        let found = self.batch_get(&wanted).await?;
        let heartbeat = found.get(&key).map(parse).transpose()?;
        Ok(Known { tended: runtimes::tended(workspace, &found)?, heartbeat })
    }

    /// Writes a report, if `before` is still the last one.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn record_heartbeat(
        &self,
        scope: &SystemScope,
        before: Option<&Heartbeat>,
        next: &Heartbeat,
        due: Option<Timestamp>,
    ) -> Result<Recorded, Error> {
        let key = keys::heartbeat(scope.workspace());
        let mut transaction = Transaction::default();
        let version = before.map_or(0, |before| before.version);
        transaction.require(&key, is_still(version), ()).put(&key, item(scope.workspace(), next, due)?);
        self.recorded(transaction).await
    }

    /// Has the report due at another time, or forgets it, if it is still the last one.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn rest_heartbeat(
        &self,
        scope: &SystemScope,
        heartbeat: &Heartbeat,
        rested: Rested,
    ) -> Result<Recorded, Error> {
        let key = keys::heartbeat(scope.workspace());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(heartbeat.version), ());
        match rested {
            Rested::Due(due) => transaction.put(&key, item(scope.workspace(), heartbeat, due)?),
            Rested::Forgotten => transaction.delete(&key),
        };
        self.recorded(transaction).await
    }

    /// Writes what became of the idle runtime `before`, if neither it nor its container's last report has changed, nor what the
    /// workspace pays for; forgets the report, and has it brought about.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn rest_runtime(
        &self,
        scope: &SystemScope,
        Tended { runtime: before, billing, .. }: &Tended,
        next: &Runtime,
        heartbeat: &Heartbeat,
    ) -> Result<Recorded, Error> {
        let workspace = scope.workspace();
        let (key, report) = (keys::runtime(workspace), keys::heartbeat(workspace));
        let message = Message::Reconcile { workspace, generation: next.generation };
        let (outbox, message) = self.outbox_item(message, self.ambient().now())?;
        let mut transaction = Transaction::default();
        transaction
            .require(&key, is_still(before.version), ())
            .put(&key, runtimes::item(workspace, next)?)
            .require(&report, is_still(heartbeat.version), ())
            .delete(&report)
            .require(&keys::billing(workspace), is_still(billing.version), ())
            .put(&outbox, message);
        self.recorded(transaction).await
    }

    /// Whether a transaction that rests on versions alone was made.
    pub(crate) async fn recorded(&self, transaction: Transaction<()>) -> Result<Recorded, Error> {
        match self.transact(transaction).await? {
            Outcome::Done => Ok(Recorded::Yes),
            Outcome::Refused(()) => Ok(Recorded::ChangedMeanwhile),
        }
    }
}
