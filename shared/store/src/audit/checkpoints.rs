//! Checkpoints of audit logs, as they are kept for the workspace. They last as long as the record that they end with.

use crate::{
    Store,
    audit::records,
    partitions::ItemKind,
    runtime::runtimes::Recorded,
    table::calls::Query,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Json, Stored, TTL, decode, encode, number, text},
    table::keys,
    table::list::{Entries, List, Order},
    table::transaction::Transaction,
};
use domain::{
    audit::{
        chain::Head,
        checkpoint::{Beginning, Checkpoint, CheckpointNumber, next_due},
    },
    integrations::{Event, Occurrence},
    page::PageRequest,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredCheckpoint {
    checkpoint: Json<Checkpoint>,
    ttl: i64,
}

impl Stored for StoredCheckpoint {
    const KIND: ItemKind = ItemKind::Checkpoint;
}

/// A checkpoint, with the number of the record that it ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The number.
    pub number: CheckpointNumber,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
}

pub(crate) fn parse(item: &Item) -> Result<Taken, Corrupt> {
    let corrupt = Corrupt { wanted: StoredCheckpoint::TYPE, version: StoredCheckpoint::VERSION };
    let StoredCheckpoint { checkpoint, .. } = decode(item)?;
    Ok(Taken { number: keys::id_of(item, keys::CHECKPOINT).ok_or(corrupt)?, checkpoint: checkpoint.0 })
}

/// Lists a workspace's checkpoints, newest first.
#[must_use]
pub const fn checkpoints(page: PageRequest<CheckpointNumber>) -> List<Taken, CheckpointNumber> {
    List {
        partition: keys::chain_partition,
        entries: Entries {
            prefix: keys::CHECKPOINT,
            order: Order::NewestFirst,
            parse,
            id: |taken| taken.number,
            parse_id: |text| text.parse().ok(),
        },
        within: None,
        page,
        filter: Vec::new(),
    }
}

/// What a checkpoint states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// The head of the log.
    pub head: Head,
    /// Where the log begins; `None` if the time of all its records is over.
    pub begins: Option<Beginning>,
}

impl Store {
    /// Reads what a checkpoint of the workspace's log states at `now`; `None` if it has none.
    pub async fn log_state(&self, scope: &SystemScope, now: Timestamp) -> Result<Option<LogState>, Error> {
        let (head, begins) = tokio::try_join!(self.audit_head(scope), self.beginning(scope, now))?;
        Ok(head.map(|head| LogState { head, begins }))
    }

    /// Reads where the log begins: its first record whose time is not over.
    async fn beginning(&self, scope: &SystemScope, now: Timestamp) -> Result<Option<Beginning>, Error> {
        let partition = keys::audit_partition(scope.workspace());
        // Records whose time is over are deleted within a few days.
        let kept = Condition::Above(TTL, now.as_second());
        let in_log = Condition::Has("place");
        let mut start = None;
        loop {
            let query = Query::table(partition.clone()).filter(&kept).filter(&in_log).after(start);
            let output = self.query(query.limit(100)).await?;
            for item in output.items() {
                let linked = records::parse_stored(item)?.linked();
                let place = linked.map(|linked| linked.place);
                let place = place.filter(|place| place.sequence == domain::audit::chain::Sequence::Log);
                if let Some(place) = place {
                    return Ok(Some(Beginning { number: place.number, previous: place.previous }));
                }
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(None);
            }
        }
    }

    /// Reads the checkpoint that ends with the record `number`.
    pub async fn checkpoint(&self, scope: &SystemScope, number: u64) -> Result<Option<Checkpoint>, Error> {
        let key = keys::checkpoint(scope.workspace(), CheckpointNumber(number));
        Ok(self.read_item(&key, parse).await?.map(|taken| taken.checkpoint))
    }

    /// Stores a checkpoint of the log that ended with `head`. It is due again after the next change.
    pub async fn store_checkpoint(
        &self,
        scope: &SystemScope,
        head: &Head,
        checkpoint: &Checkpoint,
        now: Timestamp,
    ) -> Result<(), Error> {
        let workspace = scope.workspace();
        let key = keys::checkpoint(workspace, CheckpointNumber(head.end.number));
        let stored = StoredCheckpoint { checkpoint: Json(checkpoint.clone()), ttl: head.end.kept_until.as_second() };
        let stored = encode(&key, &stored)?;
        let of_head = keys::chain_head(workspace);
        let checkpointed = || [("checkpointed".to_owned(), number(head.end.number))];
        let still = Condition::Equals("digest", text(head.end.digest.to_string()));
        let reported = head.selected.contains(&Event::AuditCheckpoint).then(|| {
            let occurrence = Occurrence::AuditCheckpoint { number: head.end.number };
            self.outbox_item(self.event(workspace, occurrence, now), now)
        });
        let reported = reported.transpose()?;
        let mut unmoved = Transaction::default();
        if let Some((key, item)) = &reported {
            unmoved.put(key, item.clone());
        }
        unmoved.put(&key, stored.clone()).require(&of_head, still, ()).set(&of_head, checkpointed());
        unmoved.unset(&of_head, ["due_at", "due_bucket"]);
        if self.recorded(unmoved).await? == Recorded::Yes {
            return Ok(());
        }
        // It has moved meanwhile, so it is due again tomorrow.
        let mut moved = Transaction::default();
        if let Some((key, item)) = reported {
            moved.put(&key, item);
        }
        let due = keys::due(workspace.ulid(), next_due(workspace, now));
        moved.put(&key, stored).require(&of_head, Condition::Has("digest"), ());
        moved.set(&of_head, checkpointed().into_iter().chain(due));
        let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.recorded(moved).await?;
        Ok(())
    }
}
