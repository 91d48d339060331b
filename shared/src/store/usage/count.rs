//! Moving a meter: the shards that change, the key, and the command's answer, in one transaction.

use super::{item, keyed};
use crate::{
    domain::{
        command::Fingerprint,
        ids::WorkspaceId,
        integration::Occurrence,
        scope::Scope,
        usage::{Decision, Movement, Part, Shard, Span, UsageKey},
    },
    store::{
        Store,
        calls::Outcome,
        condition::Condition,
        error::Error,
        idempotency,
        item::{TTL, number},
        keys,
        transaction::Transaction,
    },
};
use jiff::Timestamp;
use serde::Serialize;

/// Whether a meter was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It was.
    Yes,
    /// Others were there first: the shards are not what they were, or the same came before. Nothing was changed.
    ChangedMeanwhile,
}

/// What is moved, under which key, and by which command.
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'a> {
    /// What is moved.
    pub movement: Movement,
    /// The key under which it counts once.
    pub key: &'a UsageKey,
    /// Over which time it is counted.
    pub span: Span,
    /// The command that asks for it.
    pub command: Option<&'a Fingerprint>,
}

impl Store {
    /// Does what `decision` says about `shards`, and records it with its `answer`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn count<T: Serialize>(
        &self,
        scope: &Scope,
        shards: &[Shard],
        decision: &Decision,
        keyed: Keyed<'_>,
        answer: &T,
    ) -> Result<Counted, Error> {
        let now = self.ambient().now();
        let mut transaction = Transaction::<()>::default();
        match decision {
            Decision::Move { deal, parts, leaves } => {
                parts.iter().for_each(|part| change(&mut transaction, scope.workspace(), keyed, *deal, *part));
                if let Some(number) = *leaves {
                    let key = keys::shard(scope.workspace(), keyed.span, keyed.movement.meter, number);
                    let taken = parts.iter().find(|part| part.number == number).map_or(0, |part| -part.left);
                    transaction.require(&key, Condition::Above("left", taken), ());
                }
            }
            Decision::Deal { shards: dealt, reached } => {
                deal(&mut transaction, scope.workspace(), keyed, shards, dealt)?;
                if let Some(limit) = *reached {
                    let met = Occurrence::LimitReached { resource: keyed.movement.meter.into(), limit };
                    let (key, item) = self.outbox_item(self.event(scope.workspace(), met, now), now)?;
                    transaction.put(&key, item);
                }
            }
            Decision::ReadAgain | Decision::Refuse(_) => return Ok(Counted::ChangedMeanwhile),
        }
        let key = keys::counted(scope.workspace(), keyed.key);
        let known = keyed::item(&key, keyed.movement, now)?;
        transaction.require(&key, free(now), ()).put(&key, known);
        if let Some(command) = keyed.command {
            let key = keys::idempotency(scope.actor(), &command.command);
            transaction.first(&key, idempotency::item(&key, command, answer, now)?, (), now);
        }
        match self.transact(transaction).await? {
            Outcome::Done => Ok(Counted::Yes),
            Outcome::Refused(()) => Ok(Counted::ChangedMeanwhile),
        }
    }
}

/// That nothing stands there that is still known.
fn free(now: Timestamp) -> Condition {
    Condition::AbsentOrBefore(TTL, now.as_second().saturating_add(1))
}

/// One shard changes, if it has what is taken.
fn change(transaction: &mut Transaction<()>, workspace: WorkspaceId, keyed: Keyed<'_>, deal: u64, part: Part) {
    let key = keys::shard(workspace, keyed.span, keyed.movement.meter, part.number);
    transaction.require(&key, Condition::Equals("deal", number(deal)), ());
    for (attribute, more) in [("used", part.used), ("left", part.left)] {
        if more < 0 {
            transaction.require(&key, Condition::Above(attribute, -more - 1), ());
        }
        if more != 0 {
            transaction.add(&key, attribute, more);
        }
    }
    transaction.add(&key, "version", 1);
}

/// All shards are written, if each is what it was.
fn deal(
    transaction: &mut Transaction<()>,
    workspace: WorkspaceId,
    keyed: Keyed<'_>,
    before: &[Shard],
    dealt: &[Shard],
) -> Result<(), Error> {
    for shard in dealt {
        let key = keys::shard(workspace, keyed.span, keyed.movement.meter, shard.number);
        let condition = match before.iter().find(|before| before.number == shard.number) {
            Some(before) => Condition::Equals("version", number(before.version)),
            None => Condition::Absent,
        };
        transaction.require(&key, condition, ()).put(&key, item(&key, shard)?);
    }
    Ok(())
}
