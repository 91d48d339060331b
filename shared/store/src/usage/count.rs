//! Moving a meter: the changed shards, the usage key and the command's answer are written in one transaction.

use super::{
    keyed,
    shards::{self, item},
};
use crate::scope::Scope;
use crate::{
    Store,
    api_keys::spending::spend,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::Error,
    table::idempotency,
    table::item::{number, text},
    table::keys::{self, Key},
    table::transaction::{Number, Transaction},
};
use domain::{
    command::Fingerprint,
    ids::WorkspaceId,
    integrations::Occurrence,
    notifications::happening::Happening,
    usage::{Direction, LimitReport, Meter, MovementDecision, Shard, ShardChange, Span, UsageCommand},
};
use jiff::civil::Date;
use serde::Serialize;

/// Result of moving a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The meter was moved.
    Yes,
    /// Another change came first: the shards have changed, or the usage key was already counted. Nothing was changed.
    ChangedMeanwhile,
}

/// A movement with its span and its keys.
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'a> {
    /// The movement and its keys.
    pub command: &'a UsageCommand,
    /// Span over which it is counted.
    pub span: Span,
    /// Idempotency key of the request.
    pub request: Option<&'a Fingerprint>,
}

impl Store {
    /// Executes `decision` on `shards`, and records it with its `answer`.
    pub async fn count<T: Serialize>(
        &self,
        scope: &Scope,
        shards: &[Shard],
        decision: &MovementDecision,
        keyed: Keyed<'_>,
        answer: &T,
    ) -> Result<Counted, Error> {
        let now = self.ambient().now();
        let mut transaction = Transaction::<()>::default();
        let (meter, span) = (keyed.command.movement.meter, keyed.span);
        match decision {
            MovementDecision::Move { deal, parts, leaves, day } => {
                for part in parts {
                    let Step { key, conditions, additions } =
                        step(scope.workspace(), meter, span, DealOfDay { deal: *deal, day: *day }, *part);
                    for condition in conditions {
                        transaction.require(&key, condition, ());
                    }
                    for (number, amount) in additions {
                        transaction.add(&key, number, amount);
                    }
                }
                if let Some(number) = *leaves {
                    let key = keys::shard(scope.workspace(), keyed.span, keyed.command.movement.meter, number);
                    let taken = parts.iter().find(|part| part.number == number).map_or(0, |part| -part.left);
                    transaction.require(&key, Condition::Above("left", taken), ());
                }
            }
            MovementDecision::Deal { shards: dealt, report } => {
                deal(&mut transaction, scope.workspace(), keyed, shards, dealt)?;
                let resource = keyed.command.movement.meter.name;
                let happening = match *report {
                    None => None,
                    Some(LimitReport::Near(limit)) => Some(Happening::LimitNear { resource, limit }),
                    Some(LimitReport::Reached(limit)) => {
                        let met = Occurrence::LimitReached { resource, limit };
                        let (key, item) = self.outbox_item(self.event(scope.workspace(), met, now), now)?;
                        transaction.put(&key, item);
                        Happening::of(met)
                    }
                };
                if let Some(happening) = happening {
                    transaction.notify_members(self, &scope.system(), happening, now)?;
                }
            }
            MovementDecision::ReadAgain | MovementDecision::Refuse(_) => return Ok(Counted::ChangedMeanwhile),
        }
        if keyed.command.movement.direction == Direction::Consume {
            spend(&mut transaction, scope, meter.name, keyed.command.movement.signed(), now)?;
        }
        let key = keys::counted(scope.workspace(), &keyed.command.key);
        let known = keyed::item(&key, keyed.command, keyed.span.month(), now)?;
        transaction.require(&key, Condition::absent_or_expired(now), ()).put(&key, known);
        if let Some(consumption) = &keyed.command.consumption {
            let of = keys::counted(scope.workspace(), consumption);
            for condition in keyed::returnable(keyed.command.movement, now) {
                transaction.require(&of, condition, ());
            }
            transaction.set(&of, [(keyed::RETURNED.to_owned(), text(keyed.command.key.to_string()))]);
        }
        if let Some(request) = keyed.request {
            let key = keys::idempotency(scope.actor(), &request.command);
            transaction.first(&key, idempotency::item(&key, request, answer, now)?, (), now);
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Counted::Yes),
            TransactionOutcome::Refused(()) => Ok(Counted::ChangedMeanwhile),
        }
    }
}

/// The deal whose shards are changed, and the day that the change counts for.
#[derive(Debug, Clone, Copy)]
pub struct DealOfDay {
    /// Number of the deal.
    pub deal: u64,
    /// The day; `None` if days are not counted.
    pub day: Option<Date>,
}

/// Changes of one shard, and their conditions: the shard belongs to the same deal and has enough left.
pub(super) struct Step {
    pub(super) key: Key,
    pub(super) conditions: Vec<Condition>,
    pub(super) additions: Vec<(Number, i64)>,
}

pub(super) fn step(workspace: WorkspaceId, meter: Meter, span: Span, counted: DealOfDay, part: ShardChange) -> Step {
    let key = keys::shard(workspace, span, meter, part.number);
    let (mut conditions, mut additions) =
        (vec![Condition::Equals("deal", number(counted.deal))], vec![(Number::from("version"), 1)]);
    for (attribute, more) in [("used", part.used), ("left", part.left)] {
        if more < 0 {
            conditions.push(Condition::Above(attribute, -more - 1));
        }
        if more != 0 {
            additions.push((attribute.into(), more));
        }
    }
    if let Some(day) = counted.day.filter(|_| part.used != 0) {
        additions.push((shards::day(day), part.used));
    }
    Step { key, conditions, additions }
}

/// Writes all `dealt` shards, if each shard is as it was `before`.
fn deal(
    transaction: &mut Transaction<()>,
    workspace: WorkspaceId,
    keyed: Keyed<'_>,
    before: &[Shard],
    dealt: &[Shard],
) -> Result<(), Error> {
    for shard in dealt {
        let key = keys::shard(workspace, keyed.span, keyed.command.movement.meter, shard.number);
        let condition = match before.iter().find(|before| before.number == shard.number) {
            Some(before) => Condition::Equals("version", number(before.version)),
            None => Condition::Absent,
        };
        transaction.require(&key, condition, ()).put(&key, item(&key, shard)?);
    }
    Ok(())
}
