//! The newest event of each incident of a workspace, for receivers that keep alerts. It only moves forward, whatever the
//! order in which events arrive.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    ids::EventId,
    integrations::Occurrence,
    integrations::incident::{Incident, NewestEvent},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredIncident {
    event: EventId,
    occurrence: Occurrence,
    at: Timestamp,
    /// The same time in milliseconds, for comparisons.
    happened_at: i64,
}

impl Stored for StoredIncident {
    const KIND: ItemKind = ItemKind::Incident;
}

pub(crate) fn parse(item: &Item) -> Result<NewestEvent, Corrupt> {
    let StoredIncident { event, occurrence, at, .. } = decode(item)?;
    Ok(NewestEvent { event, occurrence, at })
}

impl Store {
    /// Records `newest` as the newest event of `incident`, unless a later one is known. Of two in the same millisecond, the one
    /// that arrives later counts. Safe to repeat.
    pub async fn advance_incident(
        &self,
        scope: &SystemScope,
        incident: Incident,
        NewestEvent { event, occurrence, at }: NewestEvent,
    ) -> Result<(), Error> {
        let key = keys::incident(scope.workspace(), incident);
        let happened_at = at.as_millisecond();
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::AbsentOrBefore("happened_at", happened_at.saturating_add(1)), ());
        transaction.put(&key, encode(&key, &StoredIncident { event, occurrence, at, happened_at })?);
        match self.transact(transaction).await? {
            TransactionOutcome::Done | TransactionOutcome::Refused(()) => Ok(()),
        }
    }

    /// Reads the newest event of `incident`, if any is known.
    pub async fn newest_event(&self, scope: &SystemScope, incident: Incident) -> Result<Option<NewestEvent>, Error> {
        let key = keys::incident(scope.workspace(), incident);
        self.read_item(&key, parse).await
    }
}
