//! Progress of the nightly comparison with Stripe: one item, always due, for as long as a comparison is pending.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, text},
    table::keys,
    table::transaction::Transaction,
};
use domain::billing::comparison::{Comparison, ComparisonPart};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredComparison {
    begun_at: Timestamp,
    part: ComparisonPart,
    after: Option<String>,
    step: u64,
}

/// Stored type of the comparison.
pub(crate) const TYPE: &str = StoredComparison::TYPE;

impl Stored for StoredComparison {
    const KIND: ItemKind = ItemKind::Comparison;
}

/// A pending comparison, with the number of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightlyComparison {
    /// Position of the comparison.
    pub comparison: Comparison,
    step: u64,
}

pub(crate) fn parse(item: &Item) -> Result<NightlyComparison, Corrupt> {
    let StoredComparison { begun_at, part, after, step } = decode(item)?;
    Ok(NightlyComparison { comparison: Comparison { begun_at, part, after }, step })
}

fn item(comparison: &Comparison, step: u64) -> Result<Item, Error> {
    let Comparison { begun_at, part, after } = comparison.clone();
    let mut item = encode(&keys::comparison(), &StoredComparison { begun_at, part, after, step })?;
    // There is only one item, so its bucket does not matter.
    item.extend(keys::due(Ulid::nil(), begun_at));
    Ok(item)
}

impl Store {
    /// Begins a comparison, unless one is pending.
    pub async fn begin_comparison(&self, now: Timestamp) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.put_new(&keys::comparison(), item(&Comparison::begun(now), 0)?, ());
        self.transact(transaction).await.map(drop)
    }

    /// Advances a comparison to `next`, or ends it. Returns `None` if it has ended, or another worker came first.
    pub async fn move_comparison(
        &self,
        from: &NightlyComparison,
        next: Option<Comparison>,
    ) -> Result<Option<NightlyComparison>, Error> {
        let key = keys::comparison();
        let step = from.step.saturating_add(1);
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("step", number(from.step)), ());
        transaction.require(&key, Condition::Equals("begun_at", text(from.comparison.begun_at.to_string())), ());
        match &next {
            Some(next) => transaction.put(&key, item(next, step)?),
            None => transaction.delete(&key),
        };
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(next.map(|comparison| NightlyComparison { comparison, step })),
            TransactionOutcome::Refused(()) => Ok(None),
        }
    }
}
