//! A workspace's runtime, under a version that grows with every change. It is due at the deadline of its current
//! transition, and when a container that it names is to be compared with ECS.

use crate::{
    Store, billing,
    partitions::ItemKind,
    table::change::Change,
    table::condition::is_still,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::{self, Key},
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
};
use domain::{
    billing::account::Billing,
    bounds::bucket::Bucket,
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    outbox::RuntimeMessage,
    plans::{catalogue::Plans, shape::Shape},
    runtime::reconcile::{self, Launch, LaunchNumber, LaunchTarget},
    runtime::record::{Runtime, RuntimeState, StopReason, WantedState, Wish},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRuntime {
    version: u64,
    wish: Wish,
    generation: u32,
    state: RuntimeState,
    launch: Option<StoredLaunch>,
    early_ends: u32,
    last_stop_reason: Option<StopReason>,
    requested_by: Option<UserId>,
    #[serde(default)]
    held_by: Option<UserId>,
    #[serde(default)]
    commands: Bucket,
    #[serde(default)]
    check_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredLaunch {
    attempt: LaunchNumber,
    #[serde(flatten)]
    shape: Shape,
    placement: LaunchTarget,
    outcome: reconcile::LaunchOutcome,
    refusals: u32,
}

/// Stored type of a runtime.
pub(crate) const TYPE: &str = StoredRuntime::TYPE;

impl Stored for StoredRuntime {
    const KIND: ItemKind = ItemKind::Runtime;
}

/// Returns the message that triggers the reconciler for the runtime in `item`, now that it is due.
pub(crate) fn overdue(item: &Item) -> Result<RuntimeMessage, Corrupt> {
    let corrupt = Corrupt { wanted: TYPE, version: StoredRuntime::VERSION };
    let workspace = keys::workspace_of(item).ok_or(corrupt)?;
    Ok(RuntimeMessage::Reconcile { workspace, generation: parse(item)?.generation })
}

/// Returns the runtime in `item`.
pub(crate) fn parse(item: &Item) -> Result<Runtime, Corrupt> {
    let stored: StoredRuntime = decode(item)?;
    let launch = stored.launch.map(|stored| Launch {
        attempt: stored.attempt,
        shape: stored.shape,
        placement: stored.placement,
        outcome: stored.outcome,
        refusals: stored.refusals,
    });
    Ok(Runtime {
        version: stored.version,
        wish: stored.wish,
        generation: stored.generation,
        state: stored.state,
        launch,
        early_ends: stored.early_ends,
        last_stop_reason: stored.last_stop_reason,
        requested_by: stored.requested_by,
        held_by: stored.held_by,
        commands: stored.commands,
        check_at: stored.check_at,
    })
}

/// Returns the item of `runtime`.
pub(crate) fn item(workspace: WorkspaceId, runtime: &Runtime) -> Result<Item, Error> {
    let launch = runtime.launch.clone().map(|launch| StoredLaunch {
        attempt: launch.attempt,
        shape: launch.shape,
        placement: launch.placement,
        outcome: launch.outcome,
        refusals: launch.refusals,
    });
    let stored = StoredRuntime {
        version: runtime.version,
        wish: runtime.wish,
        generation: runtime.generation,
        state: runtime.state.clone(),
        launch,
        early_ends: runtime.early_ends,
        last_stop_reason: runtime.last_stop_reason,
        requested_by: runtime.requested_by,
        held_by: runtime.held_by,
        commands: runtime.commands,
        check_at: runtime.check_at,
    };
    let mut item = encode(&keys::runtime(workspace), &stored)?;
    if let Some(due) = runtime.due() {
        item.extend(keys::due(workspace.ulid(), due));
    }
    Ok(item)
}

impl Entry<'_> {
    /// Reads the runtime. The slot is empty if it never received a command.
    pub fn runtime(&mut self) -> Slot<Runtime> {
        let key = keys::runtime(self.workspace);
        self.also_item(key, parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes `next`, the result of a command to `before`, and triggers the reconciler; `changed` if another change
    /// came first.
    pub fn write_runtime_command(
        &mut self,
        before: &Runtime,
        next: &Runtime,
        changed: impl Into<E>,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let workspace = self.scope.workspace();
        let key = keys::runtime(workspace);
        let item = item(workspace, next)?;
        self.require(&key, is_still(before.version), changed).put(&key, item);
        self.enqueue(RuntimeMessage::Reconcile { workspace, generation: next.generation }, now)
    }
}

/// Facts about a workspace that the reconciler of its runtime needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeFacts {
    /// True if the workspace exists and its deletion was not requested.
    pub live: bool,
    /// True if the operator has suspended the workspace.
    pub suspended: bool,
    /// Person among whose free workspaces this one counts.
    pub held_by: Option<UserId>,
    /// Billing of the workspace.
    pub billing: Billing,
    /// Runtime of the workspace.
    pub runtime: Runtime,
    /// The company's plans.
    pub plans: Plans,
}

impl RuntimeFacts {
    /// Returns the state that the runtime must have at `now`.
    #[must_use]
    pub fn wanted(&self, now: Timestamp) -> WantedState {
        match (self.live, self.suspended) {
            (false, _) => WantedState::Stopped(StopReason::Deleted),
            (true, true) => WantedState::Stopped(StopReason::Suspended),
            (true, false) => self.runtime.wanted(&self.billing.standing(self.plans, now)),
        }
    }
}

/// Result of a worker's write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The write was made.
    Yes,
    /// Another change came first.
    ChangedMeanwhile,
}

/// Keys of the facts that the reconciler needs.
pub(crate) fn runtime_fact_keys(workspace: WorkspaceId) -> [Key; 3] {
    [keys::workspace(workspace), keys::billing(workspace), keys::runtime(workspace)]
}

/// Returns the facts that the reconciler needs, from the items that were `found`.
pub(crate) fn runtime_facts(
    plans: Plans,
    workspace: WorkspaceId,
    found: &HashMap<Key, Item>,
) -> Result<RuntimeFacts, Corrupt> {
    let [head, billing, key] = runtime_fact_keys(workspace);
    let head = found.get(&head).map(crate::workspace::workspaces::parse).transpose()?;
    Ok(RuntimeFacts {
        live: head.as_ref().is_some_and(|head| head.live),
        suspended: head.as_ref().is_some_and(|head| head.suspended.is_some()),
        held_by: head.and_then(|head| head.held_by),
        billing: billing::parse(found.get(&billing))?,
        runtime: found.get(&key).map(parse).transpose()?.unwrap_or_default().resolved(plans),
        plans,
    })
}

impl Store {
    /// Reads a workspace's runtime and the facts that decide on it, for a worker.
    pub async fn runtime_facts(&self, scope: &SystemScope) -> Result<RuntimeFacts, Error> {
        let workspace = scope.workspace();
        let found = self.batch_get(&runtime_fact_keys(workspace)).await?;
        Ok(runtime_facts(self.plans(), workspace, &found)?)
    }

    /// Writes `next` if `before` is still stored, and notifies the workspace's integrations and members.
    pub async fn record_runtime(
        &self,
        scope: &SystemScope,
        before: &Runtime,
        next: &Runtime,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let key = keys::runtime(scope.workspace());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, item(scope.workspace(), next)?);
        if let Some(occurrence) = before.occurrence(next) {
            let (key, item) = self.outbox_item(self.event(scope.workspace(), occurrence, now), now)?;
            transaction.put(&key, item);
        }
        if let Some(happening) = before.happening(next) {
            transaction.notify_members(self, scope, happening, now)?;
        }
        self.recorded(transaction).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{billing::subscription::Standing, runtime::record::RuntimeCommand};
    use testkit::PLANS;

    #[test]
    fn runtimes_without_holder_and_limits_are_read() {
        let (id, ana) = ("ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y".parse().unwrap(), UserId::of("test", "ana"));
        let (free, now) = (Standing::unpaid(PLANS), Timestamp::UNIX_EPOCH);
        let runtime = Runtime::default().commanded(RuntimeCommand::Start, &free, ana, now).unwrap().unwrap();
        let mut item = item(id, &runtime).unwrap();
        assert_eq!(parse(&item).unwrap(), runtime);
        item.retain(|name, _| !["held_by", "commands"].contains(&name.as_str()));
        assert_eq!(parse(&item).unwrap(), Runtime { held_by: None, commands: Bucket::default(), ..runtime });
    }
}
