//! Meters read and moved by a workspace's own container. The read is like that of a member's request, with the recorded launch
//! in place of a membership.

use super::{
    Usage, UsageKeys, keyed,
    shards::{lasting, parse},
};
use crate::scope::Scope;
use crate::{
    Store,
    runtime::runtimes::{self, RuntimeFacts},
    table::error::Error,
    table::keys::{self, Key},
    workspace::entry::Authorized,
    workspace::workspaces,
};
use domain::{
    billing::account::Billing,
    identity::access::{Action, WhileSuspended},
    identity::denied::Denied,
    plans::catalogue::Plans,
    runtime::token::{Bearer, NotAContainer},
    usage::{Meter, UsageKey},
    workspace::head::Counts,
};
use jiff::Timestamp;

/// Facts on which the movement of a meter is decided and from which the entitlements follow, and the proof that the member
/// or the container is authorized.
#[derive(Debug)]
pub struct MeterFacts {
    /// Proof that the member or the container may do it.
    pub scope: Scope,
    /// Billing of the workspace.
    pub billing: Billing,
    /// The company's plans.
    pub plans: Plans,
    /// Time at which the workspace was created. Its months begin there as long as it has no subscription.
    pub created_at: Timestamp,
    /// Counters of the workspace.
    pub counts: Counts,
    /// True if the operator has suspended the workspace.
    pub suspended: bool,
    /// Usage of the workspace.
    pub usage: Usage,
}

impl MeterFacts {
    /// Returns the facts for a member.
    #[must_use]
    pub fn of_member(Authorized { scope, workspace, billing, plans, .. }: Authorized<'_>, usage: Usage) -> Self {
        let suspended = workspace.suspended.is_some();
        Self { scope, billing, plans, created_at: workspace.created_at, counts: workspace.counts, suspended, usage }
    }
}

impl Store {
    /// Reads the facts about `meters` for the container with the token `bearer`, and the records under `keys`, in one round
    /// trip. The container is refused after the deletion of its workspace and after a later launch. A suspension refuses
    /// the actions that it stops.
    ///
    /// # Errors
    /// [`Error`] if the table fails, [`NotAContainer`] if the launch is not the current one, [`Denied::Suspended`] if a
    /// suspension stops the action; all converted to `E`.
    pub async fn meter_facts_of_container<E: From<Error> + From<NotAContainer> + From<Denied>>(
        &self,
        bearer: Bearer,
        action: Action,
        meters: &[Meter],
        moment: Timestamp,
        keys: UsageKeys<'_>,
    ) -> Result<MeterFacts, E> {
        let workspace = bearer.workspace;
        let head = keys::workspace(workspace);
        let record = |key: &UsageKey| keys::counted(workspace, key);
        let (counted, returned) = (keys.counted.map(record), keys.returned.map(record));
        let shards: Vec<_> = lasting(workspace, meters).collect();
        let wanted = runtimes::runtime_fact_keys(workspace).into_iter();
        let wanted = wanted.chain(shards.iter().map(|(_, key)| key.clone()));
        let wanted: Vec<_> = wanted.chain(counted.clone()).chain(returned.clone()).collect();
        let (found, months) = tokio::join!(self.batch_get(&wanted), self.months(workspace, meters, moment));
        let (found, months) = (found?, months?);
        let RuntimeFacts { live, suspended, billing, runtime, .. } =
            runtimes::runtime_facts(self.plans(), workspace, &found).map_err(Error::from)?;
        let head = found.get(&head).map(workspaces::parse).transpose().map_err(Error::from)?;
        let head = head.filter(|_| live && runtime.is_launch(bearer.attempt)).ok_or(NotAContainer)?;
        match action.while_suspended() {
            WhileSuspended::Refused if suspended => return Err(Denied::Suspended.into()),
            WhileSuspended::Refused | WhileSuspended::Continues => {}
        }
        let always = shards.iter().filter_map(|(meter, key)| Some((*meter, found.get(key)?)));
        let always = always.map(|(meter, item)| Ok((meter, parse(item)?))).collect::<Result<_, Error>>()?;
        let now = self.ambient().now();
        let known = |key: Option<&Key>| {
            let record = key.and_then(|key| found.get(key)).map(keyed::parse).transpose().map_err(Error::from)?;
            Ok::<_, Error>(record.filter(|record| keyed::holds(record, now)))
        };
        let (recorded, consumption) = (known(counted.as_ref())?, known(returned.as_ref())?);
        let usage = Usage { always, months, recorded, consumption, spending: None };
        Ok(MeterFacts {
            scope: Scope::of_container(bearer),
            billing,
            plans: self.plans(),
            created_at: head.created_at,
            counts: head.counts,
            suspended,
            usage,
        })
    }
}
