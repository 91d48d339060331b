//! What was read of a workspace's usage, in the round trip that lets a member in.

use super::{
    keyed,
    shards::{lasting, parse},
};
use crate::{
    table::error::Error,
    table::slot::Slot,
    workspace::entry::{Entry, Inside},
};
use domain::{
    billing::subscription::Period,
    identity::access::Action,
    identity::denied::Denied,
    usage::{Meter, Recorded, Shard, Span, UsageCommand},
};
use jiff::Timestamp;

/// What was read of a workspace's usage.
#[derive(Debug)]
pub struct Usage {
    /// What is there of meters that never begin anew.
    pub(super) always: Vec<(Meter, Shard)>,
    /// The shards of months that a moment may lie in.
    pub(super) months: Vec<(Timestamp, Meter, Shard)>,
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
