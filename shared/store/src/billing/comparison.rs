//! How far the nightly comparison with Stripe is: one item for as long as one is under way, always due.

use crate::{
    Store,
    table::calls::Outcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, text},
    table::keys,
    table::transaction::Transaction,
};
use domain::billing::comparison::{Comparison, Part};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredComparison {
    begun_at: Timestamp,
    part: Part,
    after: Option<String>,
    step: u64,
}

/// What its item is.
pub(crate) const TYPE: &str = "comparison";

impl Stored for StoredComparison {
    const TYPE: &'static str = TYPE;
}

/// A comparison that is under way, and how often it was moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// How far it is.
    pub comparison: Comparison,
    step: u64,
}

pub(crate) fn parse(item: &Item) -> Result<UnderWay, Corrupt> {
    let StoredComparison { begun_at, part, after, step } = decode(item)?;
    Ok(UnderWay { comparison: Comparison { begun_at, part, after }, step })
}

fn item(comparison: &Comparison, step: u64) -> Result<Item, Error> {
    let Comparison { begun_at, part, after } = comparison.clone();
    let mut item = encode(&keys::comparison(), &StoredComparison { begun_at, part, after, step })?;
    // There is one at a time, so that its bucket does not matter.
    item.extend(keys::due(Ulid::nil(), begun_at));
    Ok(item)
}

impl Store {
    /// Begins a comparison, unless one is under way.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn begin_comparison(&self, now: Timestamp) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.put_new(&keys::comparison(), item(&Comparison::begun(now), 0)?, ());
        self.transact(transaction).await.map(drop)
    }

    /// Moves a comparison on to `next`, or ends it, if nobody else has.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn move_comparison(&self, from: &UnderWay, next: Option<Comparison>) -> Result<Option<UnderWay>, Error> {
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
            Outcome::Done => Ok(next.map(|comparison| UnderWay { comparison, step })),
            Outcome::Refused(()) => Ok(None),
        }
    }
}
