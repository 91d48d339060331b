//! Usage of a workspace, read in the same round trip as the caller's membership.

use super::{
    keyed,
    shards::{lasting, parse},
};
use crate::{
    api_keys::Spending,
    table::error::Error,
    table::list::List,
    table::slot::Slot,
    workspace::entry::{Authorized, Entry},
};
use domain::{
    billing::subscription::Period,
    identity::access::Action,
    identity::denied::Denied,
    page::Page,
    plans::names::MeterName,
    usage::{Meter, Recorded, Shard, Span, UsageCommand, UsageKey},
};
use jiff::Timestamp;

/// Usage of a workspace, as it was read.
#[derive(Debug)]
pub struct Usage {
    /// The shards of meters that are never reset.
    pub(super) always: Vec<(Meter, Shard)>,
    /// The shards of the months in which a moment may lie.
    pub(super) months: Vec<(Timestamp, MeterName, Shard)>,
    /// Record of the usage counted under the movement's key.
    pub recorded: Option<Recorded>,
    /// Record of the consumption that the movement returns.
    pub consumption: Option<Recorded>,
    /// The monthly budget of the caller's API key for the consumed meter.
    pub spending: Option<Spending>,
}

/// Keys whose records are read with the usage.
#[derive(Debug, Clone, Copy, Default)]
pub struct UsageKeys<'a> {
    /// Key of the movement.
    pub counted: Option<&'a UsageKey>,
    /// Key of the consumption that the movement returns.
    pub returned: Option<&'a UsageKey>,
}

impl<'a> From<&'a UsageCommand> for UsageKeys<'a> {
    fn from(command: &'a UsageCommand) -> Self {
        Self { counted: Some(&command.key), returned: command.consumption.as_ref() }
    }
}

impl Usage {
    /// Returns the shards of `meter`'s count over `span`.
    #[must_use]
    pub fn shards(&self, span: Span, meter: Meter) -> Vec<Shard> {
        match span {
            Span::Always => self.always.iter().filter(|(of, _)| *of == meter).map(|(_, shard)| shard.clone()).collect(),
            Span::Month(period) => {
                let begun = |start: Timestamp| start.as_second() == period.start.as_second();
                let shards = self.months.iter().filter(|(start, of, _)| begun(*start) && *of == meter.name);
                shards.map(|(.., shard)| shard.clone()).collect()
            }
        }
    }

    /// Returns the month that contains `moment`, as it was counted: the last that began before it and ends after it, if
    /// there is one.
    #[must_use]
    pub fn month_at(&self, moment: Timestamp) -> Option<Period> {
        let ends = |(start, _, shard): &(Timestamp, MeterName, Shard)| {
            shard.terms.resets_at.map(|end| Period { start: *start, end })
        };
        let around = |period: &Period| period.start <= moment && moment < period.end;
        self.months.iter().filter_map(ends).filter(around).max_by_key(|period| period.start)
    }
}

/// Slots of the lasting usage of a workspace, and of the keys of a movement.
struct Slots {
    lasting: Vec<(Meter, Slot<Shard>)>,
    recorded: Option<Slot<Recorded>>,
    consumption: Option<Slot<Recorded>>,
}

impl Slots {
    fn take(
        self,
        inside: &Authorized<'_>,
        months: Vec<(Timestamp, MeterName, Shard)>,
        now: Timestamp,
    ) -> Result<Usage, Error> {
        let mut always = Vec::new();
        for (meter, slot) in self.lasting {
            always.extend(inside.take(&slot)?.map(|shard| (meter, shard)));
        }
        let known = |slot: Option<Slot<Recorded>>| match slot {
            Some(slot) => Ok(inside.take(&slot)?.filter(|recorded| keyed::holds(recorded, now))),
            None => Ok::<_, Error>(None),
        };
        let (recorded, consumption) = (known(self.recorded)?, known(self.consumption)?);
        Ok(Usage { always, months, recorded, consumption, spending: None })
    }
}

impl<'a> Entry<'a> {
    /// Reads, in one round trip, with the usage of `meters` in any month in which `moment` may lie, and the records
    /// under `keys`; opened to members who may do `action`.
    pub async fn usage<E: From<Error> + From<Denied>>(
        mut self,
        action: Action,
        meters: &[Meter],
        moment: Timestamp,
        keys: UsageKeys<'_>,
    ) -> Result<(Authorized<'a>, Usage), E> {
        let (store, workspace) = (self.store, self.workspace);
        let slots = self.slots(meters, keys);
        let now = store.ambient().now();
        let consumed = meters.first().filter(|_| action == Action::ConsumeUsage).map(|meter| meter.name);
        let spent = consumed.and_then(|meter| Some((meter, self.key_spending(meter, now)?)));
        let (read, months) = tokio::join!(self.unaudited().load(), store.months(workspace, meters, moment));
        let inside = read?.authorize(action)?;
        let mut usage = slots.take(&inside, months?, now)?;
        if let Some((meter, slot)) = spent {
            let spent = inside.take(&slot)?.unwrap_or_default();
            usage.spending = Spending::of(&inside.scope, meter, spent, now);
        }
        Ok((inside, usage))
    }

    /// Reads for a request that changes nothing, in one round trip, with the usage of all meters at `now`, and a page
    /// of `list`. The member's presence is recorded, too. Opened to members who may do `action`; the page only to those
    /// who may also do `listing`.
    pub async fn overview<T, Id, E>(
        mut self,
        action: Action,
        now: Timestamp,
        listing: Action,
        list: List<T, Id>,
    ) -> Result<(Authorized<'a>, Usage, Option<Page<T, Id>>), E>
    where
        Id: Copy + std::fmt::Display,
        E: From<Error> + From<Denied>,
    {
        let (store, workspace) = (self.store, self.workspace);
        let meters: Vec<_> = store.plans().consumed().collect();
        let slots = self.slots(&meters, UsageKeys::default());
        let partition = (list.partition)(workspace);
        let (inside, months, page) = tokio::join!(
            self.authorize_read::<E>(action),
            store.months(workspace, &meters, now),
            store.page(partition, list)
        );
        let inside = inside?;
        let usage = slots.take(&inside, months?, now)?;
        let page = inside.require(listing).is_ok().then_some(page).transpose()?;
        Ok((inside, usage, page))
    }

    fn slots(&mut self, meters: &[Meter], keys: UsageKeys<'_>) -> Slots {
        let lasting = lasting(self.workspace, meters).map(|(meter, key)| (meter, self.also_item(key, parse))).collect();
        let recorded = keys.counted.map(|key| self.recorded(key));
        let consumption = keys.returned.map(|key| self.recorded(key));
        Slots { lasting, recorded, consumption }
    }
}
