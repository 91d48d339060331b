//! Records from before the log was chained get places of their own, in a sequence of their own, a few at a time. A record of the
//! log then binds them.

use crate::{
    Scope, Store,
    audit::{
        linking::item,
        records::{self, StoredAudit, unchanged},
    },
    runtime::runtimes::Recorded,
    table::calls::Query,
    table::change::Change,
    table::condition::Condition,
    table::error::Error,
    table::item::{Item, number, place},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    audit::{
        chain::{LinkedRecord, Linking, Place, Sequence},
        record::Entry,
    },
    identity::denied::Denied,
};
use std::collections::HashMap;
use system_scope::SystemScope;

/// Number of records that get their places in one transaction.
const PAGE: usize = 25;

/// Result of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkStep {
    /// Records got their places; there may be more.
    More(Linking),
    /// Every record from before has its place.
    Linked,
    /// Another worker was faster, or a record was erased meanwhile.
    ChangedMeanwhile,
}

impl Store {
    /// Gives the next records from before their places.
    pub async fn link_records(&self, scope: &SystemScope, linking: &Linking) -> Result<LinkStep, Error> {
        let workspace = scope.workspace();
        let after = linking.after.map(|id| Item::from(place(&keys::audit(workspace, id))));
        let output = self.query(Query::table(keys::audit_partition(workspace)).after(after).limit(PAGE)).await?;
        let found = output.items().iter().map(records::parse_stored).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = found.last() else { return Ok(LinkStep::Linked) };
        let mut next = Linking { after: Some(last.sealed.record.id), step: linking.step.saturating_add(1), ..*linking };
        let now = self.ambient().now();
        let mut transaction = Transaction::default();
        let state = keys::chain_linking(workspace);
        transaction.require(&state, at_step(linking), ());
        for read in found.into_iter().filter(|read| read.place.is_none() && read.kept_until > now) {
            let key = keys::audit(workspace, read.sealed.record.id);
            for condition in unchanged(&read)? {
                transaction.require(&key, condition, ());
            }
            let StoredAudit { sealed, kept_until, .. } = read;
            let sealed = sealed.salted(|| self.ambient().salt());
            let until = next.end.map_or(kept_until, |end| kept_until.max(end.kept_until));
            let place = Place::after(Sequence::Before, next.end.as_ref());
            let linked = LinkedRecord::new(workspace, sealed, until, place);
            next.end = Some(linked.end());
            let mut item = records::item(&key, linked)?;
            item.retain(|name, _| ["salts", "place", "ttl"].contains(&name.as_str()));
            transaction.set(&key, item);
        }
        let mut stored = item(&state, &next, now)?;
        stored.retain(|name, _| !HashMap::from(place(&state)).contains_key(name));
        transaction.set(&state, stored);
        match self.recorded(transaction).await? {
            Recorded::Yes => Ok(LinkStep::More(next)),
            Recorded::ChangedMeanwhile => Ok(LinkStep::ChangedMeanwhile),
        }
    }

    /// Binds the records from before to the log, when all of them have their places.
    pub async fn bind_records<E>(&self, scope: &Scope, linking: &Linking, changed: E) -> Result<(), E>
    where
        E: From<Error> + From<Denied>,
    {
        let now = self.ambient().now();
        let entry = Entry::began(linking.workspace, linking.end.as_ref());
        let mut change = Change::<E>::begin(self, scope, entry, now)?;
        let state = keys::chain_linking(linking.workspace);
        change.require(&state, at_step(linking), changed).delete(&state);
        change.commit(None, (), now).await?;
        Ok(())
    }
}

/// Condition: no other worker has made the step after `linking`.
fn at_step(linking: &Linking) -> Condition {
    Condition::Equals("step", number(linking.step))
}
