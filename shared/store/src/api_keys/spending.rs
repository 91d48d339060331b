//! What API keys with a monthly budget have consumed, one item for each meter and month.

use crate::{
    partitions::ItemKind,
    scope::Scope,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, number, stamp},
    table::keys::{self, Key},
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
};
use domain::{keys::usage::KeyMonth, plans::names::MeterName};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Name of the counting attribute.
const SPENT: &str = "spent";

/// Time for which an item is kept after its month.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Written by additions only, so that the first consumption of a month creates the item.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredKeySpending {
    spent: u64,
}

impl Stored for StoredKeySpending {
    const KIND: ItemKind = ItemKind::KeySpending;
}

pub(crate) fn parse(item: &Item) -> Result<u64, Corrupt> {
    decode::<StoredKeySpending>(item).map(|stored| stored.spent)
}

/// A consumption within the monthly budget of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spending {
    /// The budget.
    pub budget: u64,
    /// What was spent when it was read.
    pub spent: u64,
    /// The month.
    pub month: KeyMonth,
}

impl Entry<'_> {
    /// Reads what the presented API key has consumed of `meter` in the month of `now`; `None` without a key.
    pub(crate) fn key_spending(&mut self, meter: MeterName, now: Timestamp) -> Option<Slot<u64>> {
        let id = self.caller.key()?.claim.key;
        Some(self.also_item(keys::key_spending(self.workspace, id, KeyMonth::of(now), meter), parse))
    }
}

impl Spending {
    /// The budget of the scope's API key for `meter`, of which `spent` is used; `None` if it has none.
    pub(crate) fn of(scope: &Scope, meter: MeterName, spent: u64, now: Timestamp) -> Option<Self> {
        let budget = *scope.key()?.terms.allotments.get(&meter)?;
        Some(Self { budget, spent, month: KeyMonth::of(now) })
    }
}

/// Counts `amount` of `meter` against the budget of the scope's API key, if it has one that still allows so much.
pub(crate) fn spend(
    transaction: &mut Transaction<()>,
    scope: &Scope,
    meter: MeterName,
    amount: i64,
    now: Timestamp,
) -> Result<(), Error> {
    let Some((proof, budget)) = scope.key().and_then(|proof| Some((proof, *proof.terms.allotments.get(&meter)?)))
    else {
        return Ok(());
    };
    let month = KeyMonth::of(now);
    let key: Key = keys::key_spending(scope.workspace(), proof.id, month, meter);
    let most = i64::try_from(budget).unwrap_or(i64::MAX).saturating_sub(amount).saturating_add(1);
    let kept_until = month.end().saturating_add(KEPT).unwrap_or(Timestamp::MAX);
    let set: Item =
        stamp::<StoredKeySpending>().into_iter().chain([(TTL.to_owned(), number(kept_until.as_second()))]).collect();
    transaction.require(&key, Condition::AbsentOrBefore(SPENT, most), ()).set(&key, set).add(&key, SPENT, amount);
    Ok(())
}
