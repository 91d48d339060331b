//! The turns of workspaces at the queues: one item per workspace and queue, in a partition that nothing else writes to.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::Updated,
    table::condition::{Condition, Terms},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, number, place, stamp},
    table::keys::{self, Key},
};
use domain::{
    bounds::pace::{SPACING, TakenUntil},
    ids::WorkspaceId,
    outbox::Queue,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Time for which an item is kept after its last turn was taken. It is longer than any turn is away.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Name of the attribute that holds the time in milliseconds since 1970. It is a number, so that it can be added to.
const TAKEN_UNTIL: &str = "taken_until";

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPace {
    taken_until: i64,
}

impl Stored for StoredPace {
    const KIND: ItemKind = ItemKind::Pace;
}

pub(crate) fn taken_until(item: &Item) -> Result<TakenUntil, Corrupt> {
    let corrupt = Corrupt { wanted: StoredPace::TYPE, version: StoredPace::VERSION };
    let milliseconds = item.get(TAKEN_UNTIL).and_then(|taken| taken.as_n().ok()?.parse().ok());
    let taken = milliseconds.and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    taken.map(TakenUntil).ok_or(corrupt)
}

impl Store {
    /// Takes the next turn of `workspace` at `queue` and returns the time until it, if that is at most `within`.
    /// Returns `None` and takes nothing if too many turns are taken.
    ///
    /// It makes one write, or two while turns of the workspace are pending. If the reply is lost, the turn is taken
    /// twice, so that later messages of this workspace wait longer.
    pub async fn take_turn(
        &self,
        workspace: WorkspaceId,
        queue: Queue,
        within: SignedDuration,
    ) -> Result<Option<SignedDuration>, Error> {
        let now = self.ambient().now();
        let key = keys::pace(workspace, queue);
        let last = TakenUntil::last(now, within);
        let over = Condition::AbsentOrBefore(TAKEN_UNTIL, now.as_millisecond().saturating_add(1));
        match self.move_turns(&key, Turn::First(TakenUntil::first(now)), over).await? {
            Updated::Done(_) => return Ok(Some(SignedDuration::ZERO)),
            Updated::Refused(Some(item)) if taken_until(&item)? > last => return Ok(None),
            Updated::Refused(_) => {}
        }
        let free = Condition::Below(TAKEN_UNTIL, last.0.as_millisecond().saturating_add(1));
        match self.move_turns(&key, Turn::Next, free).await? {
            Updated::Done(item) => Ok(Some(taken_until(&item)?.delay(now))),
            Updated::Refused(_) => Ok(None),
        }
    }

    async fn move_turns(&self, key: &Key, turn: Turn, condition: Condition) -> Result<Updated, Error> {
        let kept_until = self.ambient().now().saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        let mut terms = Terms::default();
        let condition = condition.expression(&mut terms);
        let mut set = stamp::<StoredPace>().to_vec();
        set.push((TTL.to_owned(), number(kept_until.as_second())));
        let add = match turn {
            Turn::First(TakenUntil(until)) => {
                set.push((TAKEN_UNTIL.to_owned(), number(until.as_millisecond())));
                String::new()
            }
            Turn::Next => format!(" ADD {} {}", terms.name(TAKEN_UNTIL), terms.value(number(SPACING.as_millis()))),
        };
        let set: Vec<_> =
            set.into_iter().map(|(name, value)| format!("{} = {}", terms.name(&name), terms.value(value))).collect();
        let key: Item = HashMap::from(place(key));
        self.update_if(|update| {
            update
                .set_key(Some(key))
                .update_expression(format!("SET {}{add}", set.join(", ")))
                .condition_expression(condition)
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        })
        .await
    }
}

/// A change of a workspace's turns.
enum Turn {
    /// No earlier turn is pending. Turns are taken until this time.
    First(TakenUntil),
    /// One more turn is taken.
    Next,
}
