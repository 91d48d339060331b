//! A person's allowance, under a version that grows with every change. It belongs to the person: deleting a workspace
//! does not touch it.

use crate::{
    Store, billing,
    partitions::ItemKind,
    runtime::runtimes,
    table::change::Change,
    table::condition::is_still,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::{self, Key},
    table::slot::Slot,
    team::{members, profiles},
    workspace::entry::Entry,
    workspace::workspaces,
};
use domain::{
    bounds::bucket::Bucket,
    command::{Fingerprint, Reply},
    identity::denied::Denied,
    identity::profile::Profile,
    ids::{UserId, WorkspaceId},
    workspace::allowance::{Allowance, ListedWorkspace},
};
use futures::future::try_join_all;
use identity::Caller;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Number of workspaces read in one batch: each takes four of its hundred keys.
const BATCH: usize = 25;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredAllowance {
    version: u64,
    free_workspaces: Vec<WorkspaceId>,
    free_containers: Vec<WorkspaceId>,
    commands: Bucket,
}

impl Stored for StoredAllowance {
    const KIND: ItemKind = ItemKind::Allowance;
}

pub(crate) fn parse(item: &Item) -> Result<Allowance, Corrupt> {
    let stored: StoredAllowance = decode(item)?;
    Ok(Allowance {
        version: stored.version,
        free_workspaces: stored.free_workspaces,
        free_containers: stored.free_containers,
        commands: stored.commands,
    })
}

fn item(key: &Key, allowance: &Allowance) -> Result<Item, Error> {
    let stored = StoredAllowance {
        version: allowance.version,
        free_workspaces: allowance.free_workspaces.clone(),
        free_containers: allowance.free_containers.clone(),
        commands: allowance.commands,
    };
    encode(key, &stored)
}

/// Facts on which the creation of a workspace is decided.
#[derive(Debug)]
pub struct CreationFacts<T> {
    /// The earlier answer to the same command.
    pub earlier: Option<Reply<T>>,
    /// The caller's allowance.
    pub allowance: Allowance,
    /// The caller's profile.
    pub profile: Profile,
}

impl Entry<'_> {
    /// Reads the allowance of `user`; empty if they never had a free workspace or container.
    pub fn allowance(&mut self, user: UserId) -> Slot<Allowance> {
        self.also_item(keys::allowance(user), parse)
    }
}

impl Store {
    /// Reads the facts on which the creation of a workspace is decided, in one round trip.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the caller sent another command under the same key, or another [`Error`] if the table
    /// fails.
    pub async fn creation_facts<T>(
        &self,
        caller: &Caller,
        command: Option<&Fingerprint>,
    ) -> Result<CreationFacts<T>, Error> {
        let (key, profile) = (keys::allowance(caller.user()), keys::profile(caller.user()));
        let record = command.map(|command| keys::idempotency(caller.user(), &command.command));
        let wanted: Vec<_> = record.iter().cloned().chain([key.clone(), profile.clone()]).collect();
        let found = self.batch_get(&wanted).await?;
        let record = record.and_then(|record| found.get(&record)).zip(command);
        let now = self.ambient().now();
        let earlier =
            record.map(|(item, command)| crate::table::idempotency::answer(item, command, now)).transpose()?;
        let allowance = found.get(&key).map(parse).transpose()?.unwrap_or_default();
        let profile = found.get(&profile).map(profiles::parse).transpose()?.unwrap_or_default();
        Ok(CreationFacts { earlier: earlier.flatten(), allowance, profile })
    }

    /// Returns the allowance of `user` without the entries that no longer count.
    pub async fn without_stale_entries(
        &self,
        user: UserId,
        allowance: &Allowance,
        now: Timestamp,
    ) -> Result<Allowance, Error> {
        let listed = allowance.listed();
        let batches = try_join_all(listed.chunks(BATCH).map(|batch| self.read_listed(user, batch))).await?;
        let known: BTreeMap<_, _> = batches.into_iter().flatten().collect();
        Ok(allowance.recounted(user, self.plans(), |id| known.get(&id), now))
    }

    async fn read_listed(
        &self,
        user: UserId,
        listed: &[WorkspaceId],
    ) -> Result<Vec<(WorkspaceId, ListedWorkspace)>, Error> {
        let keys: Vec<_> = listed.iter().flat_map(|id| listed_keys(*id, user)).collect();
        let found = self.batch_get(&keys).await?;
        let known = listed.iter().map(|id| {
            let [head, billing, member, runtime] = listed_keys(*id, user);
            let known = ListedWorkspace {
                workspace: found.get(&head).map(workspaces::parse).transpose()?,
                billing: billing::parse(found.get(&billing))?,
                member: found.get(&member).map(members::parse).transpose()?,
                runtime: found.get(&runtime).map(runtimes::parse).transpose()?.unwrap_or_default(),
            };
            Ok((*id, known))
        });
        known.collect()
    }

    /// Reads the allowances of `users`, for the doctor.
    pub async fn allowances(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<BTreeMap<UserId, Allowance>, Error> {
        let users: Vec<_> = users.into_iter().collect();
        let keys: Vec<_> = users.iter().map(|user| keys::allowance(*user)).collect();
        let found = self.batch_get(&keys).await?;
        let known = users.into_iter().zip(keys).map(|(user, key)| {
            let allowance = found.get(&key).map(parse).transpose()?.unwrap_or_default();
            Ok((user, allowance))
        });
        known.collect()
    }
}

/// Keys of the items that decide on an entry in a list of `user`.
fn listed_keys(workspace: WorkspaceId, user: UserId) -> [Key; 4] {
    [keys::workspace(workspace), keys::billing(workspace), keys::member(workspace, user), keys::runtime(workspace)]
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes `next` in place of `before`, the allowance of `user`; `changed` if another change came first.
    pub fn write_allowance(
        &mut self,
        user: UserId,
        before: &Allowance,
        next: Allowance,
        changed: impl Into<E>,
    ) -> Result<&mut Self, Error> {
        let key = keys::allowance(user);
        let next = Allowance { version: before.version.saturating_add(1), ..next };
        let item = item(&key, &next)?;
        Ok(self.require(&key, is_still(before.version), changed).put(&key, item))
    }
}
