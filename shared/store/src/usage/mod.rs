//! What a workspace has used: the shards of each meter's counts, and the keys under which something was counted.
//!
//! No transaction here names the workspace's head, its billing or a membership: these are read before. Two transactions that
//! name one item conflict even if neither changes it, and usage comes all the time.

mod container;
mod count;
pub(crate) mod keyed;
mod operator;

pub use container::Counting;
pub use count::{Counted, Keyed};

use crate::scope::Scope;
use crate::{
    Store,
    table::condition::Terms as Expressions,
    table::entry::{Entry, Inside, Slot},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
};
use domain::{
    billing::subscription::Period,
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    usage::{Meter, Recorded, Shard, Span, Terms, UsageCommand},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far back the beginning of a month may lie that a moment is in, and a day more.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(32 * 24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredShard {
    number: u8,
    used: i64,
    left: i64,
    version: u64,
    deal: u64,
    limit: Option<u64>,
    billing: u64,
    resets_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Timestamp>,
}

impl Stored for StoredShard {
    const TYPE: &'static str = "usage";
}

pub(crate) fn parse(item: &Item) -> Result<Shard, Corrupt> {
    let stored: StoredShard = decode(item)?;
    let StoredShard { number, used, left, version, deal, limit, billing, resets_at, told } = stored;
    Ok(Shard { number, used, left, version, terms: Terms { deal, limit, billing, resets_at }, told })
}

fn item(key: &keys::Key, shard: &Shard) -> Result<Item, Error> {
    let Shard { number, used, left, version, terms: Terms { deal, limit, billing, resets_at }, told } = *shard;
    encode(key, &StoredShard { number, used, left, version, deal, limit, billing, resets_at, told })
}

/// What was read of a workspace's usage.
#[derive(Debug)]
pub struct Usage {
    /// What is there of meters that never begin anew.
    always: Vec<(Meter, Shard)>,
    /// The shards of months that a moment may lie in.
    months: Vec<(Timestamp, Meter, Shard)>,
    /// What was counted under the command's key.
    pub recorded: Option<Recorded>,
    /// What was counted under the key of the consumption that the command returns.
    pub consumption: Option<Recorded>,
}

impl Usage {
    /// The shards of `meter`'s count over `span`.
    #[must_use]
    pub fn shards(&self, span: Span, meter: Meter) -> Vec<Shard> {
        match span {
            Span::Always => self.always.iter().filter(|(of, _)| *of == meter).map(|(_, shard)| *shard).collect(),
            Span::Month(period) => {
                let begun = |start: Timestamp| start.as_second() == period.start.as_second();
                let shards = self.months.iter().filter(|(start, of, _)| begun(*start) && *of == meter);
                shards.map(|(.., shard)| *shard).collect()
            }
        }
    }

    /// The month that `moment` lies in, as it was counted: the last that began before and ended after, if there is one.
    #[must_use]
    pub fn month_at(&self, moment: Timestamp) -> Option<Period> {
        let ends = |(start, _, shard): &(Timestamp, Meter, Shard)| {
            shard.terms.resets_at.map(|end| Period { start: *start, end })
        };
        let around = |period: &Period| period.start <= moment && moment < period.end;
        self.months.iter().filter_map(ends).filter(around).max_by_key(|period| period.start)
    }
}

impl<'a> Entry<'a> {
    /// Reads, and with it what was used of `meters` in any month that `moment` may lie in, and under the keys of `command`;
    /// opened to members who may do `action`. All of it is one round trip.
    ///
    /// # Errors
    /// `E`, made of [`Error`] or [`Denied`].
    pub async fn usage<E: From<Error> + From<Denied>>(
        mut self,
        action: Action,
        meters: &[Meter],
        moment: Timestamp,
        command: Option<&UsageCommand>,
    ) -> Result<(Inside<'a>, Usage), E> {
        let (store, workspace) = (self.store, self.workspace);
        let lasting: Vec<_> = lasting(workspace, meters).map(|(meter, key)| (meter, self.also(key, parse))).collect();
        let recorded = command.map(|command| self.recorded(&command.key));
        let consumption = command.and_then(|command| command.consumption.as_ref()).map(|key| self.recorded(key));
        let (read, months) = tokio::join!(self.read(), store.months(workspace, meters, moment));
        let inside = read?.as_member(action)?;
        let mut always = Vec::new();
        for (meter, slot) in lasting {
            always.extend(inside.take(&slot)?.map(|shard| (meter, shard)));
        }
        let now = store.ambient().now();
        let known = |slot: Option<Slot<Recorded>>| match slot {
            Some(slot) => Ok(inside.take(&slot)?.filter(|recorded| keyed::holds(recorded, now))),
            None => Ok::<_, Error>(None),
        };
        let (recorded, consumption) = (known(recorded)?, known(consumption)?);
        Ok((inside, Usage { always, months: months?, recorded, consumption }))
    }
}

/// Where what was used of those of `meters` stands that never begin anew.
fn lasting(workspace: WorkspaceId, meters: &[Meter]) -> impl Iterator<Item = (Meter, keys::Key)> {
    let shards = |meter: Meter| (0..meter.shards()).map(move |number| (meter, number));
    let lasting = meters.iter().copied().filter(|meter| !meter.is_monthly()).flat_map(shards);
    lasting.map(move |(meter, number)| (meter, keys::shard(workspace, Span::Always, meter, number)))
}

impl Store {
    /// The shards of all months that `moment` may lie in, if any of `meters` counts by the month.
    async fn months(
        &self,
        workspace: WorkspaceId,
        meters: &[Meter],
        moment: Timestamp,
    ) -> Result<Vec<(Timestamp, Meter, Shard)>, Error> {
        if !meters.iter().any(|meter| meter.is_monthly()) {
            return Ok(Vec::new());
        }
        let from = moment.saturating_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
        // Stripe's clock may be ahead of ours.
        let to = moment.saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
        let [first, last] = keys::months(from, to);
        let mut terms = Expressions::default();
        let within = format!(
            "{} = {} AND {} BETWEEN {} AND {}",
            terms.name("pk"),
            terms.value(text(keys::usage_partition(workspace))),
            terms.name("sk"),
            terms.value(text(first)),
            terms.value(text(last)),
        );
        let output = self
            .query(|query| {
                query
                    .key_condition_expression(within)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .consistent_read(true)
            })
            .await?;
        let corrupt = Corrupt { wanted: StoredShard::TYPE, version: StoredShard::VERSION };
        let read = |item: &Item| {
            let (start, meter) = keys::month_and_meter(item).ok_or_else(|| corrupt.clone())?;
            Ok::<_, Corrupt>((start, meter, parse(item)?))
        };
        Ok(output.items().iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The shards of `meter`'s count over `span`, as they are now.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn shards(&self, scope: &Scope, span: Span, meter: Meter) -> Result<Vec<Shard>, Error> {
        let keys: Vec<_> =
            (0..meter.shards()).map(|number| keys::shard(scope.workspace(), span, meter, number)).collect();
        let found = self.batch_get(&keys).await?;
        Ok(keys.iter().filter_map(|key| found.get(key)).map(parse).collect::<Result<_, _>>()?)
    }

    /// Whether `shards`, which were not read at one moment, were all there at one: they were if none has changed since the last
    /// of them was read. A refusal depends on that: without it, it could rest on a sum that never was.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn shards_stand(&self, scope: &Scope, span: Span, meter: Meter, shards: &[Shard]) -> Result<bool, Error> {
        if meter.shards() == 1 {
            return Ok(true);
        }
        let mut seen = shards.to_vec();
        seen.sort_unstable_by_key(|shard| shard.number);
        Ok(self.shards(scope, span, meter).await? == seen)
    }
}
