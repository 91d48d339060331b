//! Pages of the audit log, oldest first, to verify and to export it.

use crate::{
    Store,
    audit::records,
    table::calls::Query,
    table::error::Error,
    table::item::{Item, TTL, key_of, place},
    table::keys,
};
use domain::{
    audit::{
        chain::{LinkedRecord, Sequence},
        digest::Digest,
        range::Range,
        verify::Found,
    },
    ids::AuditId,
};
use system_scope::SystemScope;

/// A page of records.
#[derive(Debug)]
pub struct RecordPage {
    /// The records, oldest first.
    pub records: Vec<Found>,
    /// The page after this record; `None` if nothing follows.
    pub next: Option<AuditId>,
}

/// Returns the first and the last sort key of `range`. No record has the smallest id of a millisecond.
pub(super) fn keys_of(range: Range) -> (String, String) {
    let last = range.to.map_or_else(|| format!("{}~", AuditId::PREFIX), |to| AuditId::first_of(to).to_string());
    (AuditId::first_of(range.from).to_string(), last)
}

/// Number of records among which the newest of the log is: others are from before it.
const NEWEST: usize = 100;

/// Where the head of a log says that it ends, and where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEnds {
    /// Number and digest in the head.
    pub head: Option<(u64, Digest)>,
    /// Number and digest of the newest record.
    pub last: Option<(u64, Digest)>,
}

/// True if `record` is before the records of `range`.
#[must_use]
pub fn is_before(range: Range, record: AuditId) -> bool {
    record.to_string() < keys_of(range).0
}

impl Store {
    /// Compares the head of the workspace's log with its newest record; `None` if they agree.
    pub async fn differing_log_ends(&self, scope: &SystemScope) -> Result<Option<LogEnds>, Error> {
        let mut before = self.log_ends(scope).await?;
        // A change between the two reads moves both.
        for _ in 0..3 {
            if before.head == before.last {
                return Ok(None);
            }
            let again = self.log_ends(scope).await?;
            if again == before {
                return Ok(Some(before));
            }
            before = again;
        }
        Ok(None)
    }

    async fn log_ends(&self, scope: &SystemScope) -> Result<LogEnds, Error> {
        let now = self.ambient().now();
        let query = Query::table(keys::audit_partition(scope.workspace())).newest_first().limit(NEWEST);
        let (head, newest) = tokio::try_join!(self.audit_head(scope), self.query(query))?;
        let head = head.filter(|head| head.end.kept_until > now).map(|head| (head.end.number, head.end.digest));
        let linked = newest.items().iter().filter_map(|item| records::parse_stored(item).ok()?.linked());
        let mut of_log = linked.filter(|record| record.place.sequence == Sequence::Log && record.kept_until > now);
        Ok(LogEnds { head, last: of_log.next().map(|record| (record.place.number, record.digest)) })
    }

    /// Reads the newest records before `range`, the newest first, and whether these are all.
    pub async fn records_before(&self, scope: &SystemScope, range: Range) -> Result<(Vec<LinkedRecord>, bool), Error> {
        let (first, _) = keys_of(range);
        let query = Query::table(keys::audit_partition(scope.workspace())).between(AuditId::NIL.to_string(), first);
        let output = self.query(query.newest_first().limit(NEWEST)).await?;
        let linked = output.items().iter().filter_map(|item| records::parse_stored(item).ok()?.linked());
        Ok((linked.collect(), output.last_evaluated_key.is_none()))
    }

    /// Reads at most `limit` records of `range` after the record `after`. If that is before the range, whose beginning moves with
    /// time, the first records of the range.
    pub async fn record_page(
        &self,
        scope: &SystemScope,
        range: Range,
        after: Option<AuditId>,
        limit: usize,
    ) -> Result<RecordPage, Error> {
        let (now, (first, last)) = (self.ambient().now().as_second(), keys_of(range));
        let workspace = scope.workspace();
        let query = Query::table(keys::audit_partition(workspace)).between(first.clone(), last.clone());
        // The table refuses a range that ends before it begins, as one does of which the plan shows nothing, and a start outside
        // the range. Only an invented cursor is behind it.
        if first > last || after.is_some_and(|id| id.to_string() > last) {
            return Ok(RecordPage { records: Vec::new(), next: None });
        }
        let start = after.filter(|id| !is_before(range, *id)).map(|id| Item::from(place(&keys::audit(workspace, id))));
        let output = self.query(query.after(start).limit(limit)).await?;
        let next = output.last_evaluated_key().and_then(key_of).and_then(|key| key.sk.parse().ok());
        let found = |item: &Item| {
            let id = keys::id_of(item, "");
            let is_over =
                item.get(TTL).and_then(|ttl| ttl.as_n().ok()?.parse::<i64>().ok()).is_some_and(|at| at <= now);
            match (id, records::parse_stored(item)) {
                _ if is_over => Found::Absent,
                (_, Ok(stored)) => {
                    let id = stored.sealed.record.id;
                    stored.linked().map_or(Found::Unlinked(id), Found::Linked)
                }
                (Some(id), Err(_)) => Found::Unreadable(id),
                (None, Err(_)) => Found::Unreadable(AuditId::NIL),
            }
        };
        Ok(RecordPage { records: output.items().iter().map(found).collect(), next })
    }
}
