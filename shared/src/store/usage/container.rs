//! What a workspace's own container has a meter moved on. It reads what a member's request does, with the launch on record in
//! place of a membership.

use super::{Usage, keyed, lasting, parse};
use crate::{
    domain::{
        access::{Action, WhileSuspended},
        billing::Billing,
        runtime_token::{Bearer, NotAContainer},
        scope::{Denied, Scope},
        usage::{Meter, UsageKey},
    },
    store::{
        Store,
        entry::Inside,
        error::Error,
        keys,
        runtimes::{self, Tended},
        workspaces,
    },
};
use jiff::Timestamp;

/// What the movement of a meter is decided on, and the proof that whoever asks for it may.
#[derive(Debug)]
pub struct Counting {
    /// The proof.
    pub scope: Scope,
    /// What the workspace pays for.
    pub billing: Billing,
    /// When it was made: its months begin there as long as it pays for nothing.
    pub created_at: Timestamp,
    /// What it has used.
    pub usage: Usage,
}

impl Counting {
    /// What a member was let in to.
    #[must_use]
    pub fn of_member(Inside { scope, workspace, billing, .. }: Inside<'_>, usage: Usage) -> Self {
        Self { scope, billing, created_at: workspace.created_at, usage }
    }
}

impl Store {
    /// What the container that shows `bearer` has `meter` moved on, under `key`, in one round trip. It is not heard once its
    /// workspace was deleted or another launch has taken its place, and refused what a suspension stops.
    ///
    /// # Errors
    /// `E`, made of [`Error`], [`NotAContainer`] or [`Denied::Suspended`].
    pub async fn counting_of_container<E: From<Error> + From<NotAContainer> + From<Denied>>(
        &self,
        bearer: Bearer,
        action: Action,
        meter: Meter,
        moment: Timestamp,
        key: &UsageKey,
    ) -> Result<Counting, E> {
        let (workspace, meters) = (bearer.workspace, [meter]);
        let (head, counted) = (keys::workspace(workspace), keys::counted(workspace, key));
        let shards: Vec<_> = lasting(workspace, &meters).map(|(_, key)| key).collect();
        let wanted = [&runtimes::tended_keys(workspace)[..], &shards, std::slice::from_ref(&counted)].concat();
        let (found, months) = tokio::join!(self.batch_get(&wanted), self.months(workspace, &meters, moment));
        let (found, months) = (found?, months?);
        let Tended { live, suspended, billing, runtime, .. } = runtimes::tended(workspace, &found).map_err(Error::from)?;
        let head = found.get(&head).map(workspaces::parse).transpose().map_err(Error::from)?;
        let head = head.filter(|_| live && runtime.is_launch(bearer.attempt)).ok_or(NotAContainer)?;
        match action.while_suspended() {
            WhileSuspended::Refused if suspended => return Err(Denied::Suspended.into()),
            WhileSuspended::Refused | WhileSuspended::Continues => {}
        }
        let always = shards.iter().filter_map(|key| found.get(key)).map(|item| Ok((meter, parse(item)?)));
        let always = always.collect::<Result<_, Error>>()?;
        let recorded = found.get(&counted).map(keyed::parse).transpose().map_err(Error::from)?;
        let recorded = recorded.filter(|recorded| recorded.holds(self.ambient().now()));
        let usage = Usage { always, months, recorded };
        Ok(Counting { scope: Scope::of_container(bearer), billing, created_at: head.created_at, usage })
    }
}
