//! Meters moved by a workspace's own container. The read is like that of a member's request, with the recorded launch
//! in place of a membership.

use super::{
    Usage, keyed,
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
    runtime::token::{Bearer, NotAContainer},
    usage::UsageCommand,
};
use jiff::Timestamp;

/// Facts on which the movement of a meter is decided, and the proof that it is authorized.
#[derive(Debug)]
pub struct MeterFacts {
    /// Proof that the member or the container may move the meter.
    pub scope: Scope,
    /// Billing of the workspace.
    pub billing: Billing,
    /// Time at which the workspace was created. Its months begin there as long as it has no subscription.
    pub created_at: Timestamp,
    /// Usage of the workspace.
    pub usage: Usage,
}

impl MeterFacts {
    /// Returns the facts for a member.
    #[must_use]
    pub fn of_member(Authorized { scope, workspace, billing, .. }: Authorized<'_>, usage: Usage) -> Self {
        Self { scope, billing, created_at: workspace.created_at, usage }
    }
}

impl Store {
    /// Reads the facts on which `command` of the container with the token `bearer` is decided, in one round trip. The
    /// container is refused after the deletion of its workspace and after a later launch. A suspension refuses the
    /// actions that it stops.
    ///
    /// # Errors
    /// [`Error`] if the table fails, [`NotAContainer`] if the launch is not the current one, [`Denied::Suspended`] if a
    /// suspension stops the action; all converted to `E`.
    pub async fn meter_facts_of_container<E: From<Error> + From<NotAContainer> + From<Denied>>(
        &self,
        bearer: Bearer,
        action: Action,
        moment: Timestamp,
        command: &UsageCommand,
    ) -> Result<MeterFacts, E> {
        let (workspace, meter) = (bearer.workspace, command.movement.meter);
        let meters = [meter];
        let (head, counted) = (keys::workspace(workspace), keys::counted(workspace, &command.key));
        let returned = command.consumption.as_ref().map(|key| keys::counted(workspace, key));
        let shards: Vec<_> = lasting(workspace, &meters).map(|(_, key)| key).collect();
        let records = [Some(&counted), returned.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>();
        let wanted = [&runtimes::runtime_fact_keys(workspace)[..], &shards, &records].concat();
        let (found, months) = tokio::join!(self.batch_get(&wanted), self.months(workspace, &meters, moment));
        let (found, months) = (found?, months?);
        let RuntimeFacts { live, suspended, billing, runtime, .. } =
            runtimes::runtime_facts(workspace, &found).map_err(Error::from)?;
        let head = found.get(&head).map(workspaces::parse).transpose().map_err(Error::from)?;
        let head = head.filter(|_| live && runtime.is_launch(bearer.attempt)).ok_or(NotAContainer)?;
        match action.while_suspended() {
            WhileSuspended::Refused if suspended => return Err(Denied::Suspended.into()),
            WhileSuspended::Refused | WhileSuspended::Continues => {}
        }
        let always = shards.iter().filter_map(|key| found.get(key)).map(|item| Ok((meter, parse(item)?)));
        let always = always.collect::<Result<_, Error>>()?;
        let now = self.ambient().now();
        let known = |key: Option<&Key>| {
            let record = key.and_then(|key| found.get(key)).map(keyed::parse).transpose().map_err(Error::from)?;
            Ok::<_, Error>(record.filter(|record| keyed::holds(record, now)))
        };
        let (recorded, consumption) = (known(Some(&counted))?, known(returned.as_ref())?);
        let usage = Usage { always, months, recorded, consumption };
        Ok(MeterFacts { scope: Scope::of_container(bearer), billing, created_at: head.created_at, usage })
    }
}
