//! Counting what a workspace uses, within what its plan allows.

use super::Error;
use crate::{
    domain::{
        access::Action,
        command::{Fingerprint, Reply},
        ids::WorkspaceId,
        scope::{Caller, Scope},
        usage::{
            Allowed, Decision, Direction, Meter, Movement, Shard, Span, UsageError, UsageKey, consume, month, release,
            total,
        },
    },
    store::{
        self, Inside, Store,
        usage::{Counted, Keyed},
    },
};
use jiff::Timestamp;
use serde::Serialize;

/// How often a movement is decided anew when others came first. Each time somebody else got something done.
const DECISIONS: usize = 24;

/// What became of a meter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = UsageCounted)]
pub struct CountedView {
    /// The meter.
    pub meter: Meter,
    /// How much was taken or given back.
    pub amount: u64,
    /// What is used now, as far as is known: others count at the same time.
    pub used: u64,
    /// What the plan allows; null is no limit.
    pub limit: Option<u64>,
    /// When the use starts anew; null is never.
    pub resets_at: Option<Timestamp>,
}

/// Moves a meter of `workspace` as `movement` says, once for each `key`: what comes again has counted, even where the count
/// has begun anew since.
///
/// # Errors
/// [`Error`]; whoever is refused has left nothing behind.
pub async fn count(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (movement, key): (Movement, &UsageKey),
    command: Option<&Fingerprint>,
) -> Result<Reply<CountedView>, Error> {
    let meter = movement.meter;
    for _ in 0..DECISIONS {
        let now = store.ambient().now();
        let entry = store.enter(caller, workspace, command);
        let (inside, usage) = entry.usage::<Error>(Action::CountUsage, &[meter], now, Some(key)).await?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let span = span(meter, &inside, now);
        let shards = usage.shards(span, meter);
        let counted = usage.recorded;
        let answer = |moved: i64| {
            let limit = meter.limit(&inside.billing.standing(now).plan.limits());
            let used = total(&shards).saturating_add_signed(moved);
            CountedView { meter, amount: movement.amount.get(), used, limit, resets_at: span.resets_at() }
        };
        match counted {
            Some(recorded) if recorded.movement == movement => {
                return Ok(store.remember(caller.user(), command, answer(0)).await?);
            }
            Some(_) => return Err(UsageError::KeyReused.into()),
            None => {}
        }
        let decision = decide(store, &inside, &shards, movement, span, now)?;
        match &decision {
            Decision::ReadAgain => {}
            Decision::Refuse(error) => {
                if stands(store, &inside.scope, span, meter, &shards).await? {
                    return Err((*error).into());
                }
            }
            Decision::Move { .. } | Decision::Deal { .. } => {
                let answer = answer(movement.signed());
                let keyed = Keyed { movement, key, span, command };
                match store.count(&inside.scope, &shards, &decision, keyed, &answer).await? {
                    Counted::Yes => return Ok(Reply::First(answer)),
                    Counted::ChangedMeanwhile => {}
                }
            }
        }
    }
    Err(store::Error::Contended.into())
}

/// The time over which `meter` counts at `now`.
pub(super) fn span(meter: Meter, inside: &Inside<'_>, now: Timestamp) -> Span {
    if meter.is_monthly() {
        Span::Month(month(now, &inside.billing, inside.workspace.created_at))
    } else {
        Span::Always
    }
}

fn decide(
    store: &Store,
    inside: &Inside<'_>,
    shards: &[Shard],
    movement: Movement,
    span: Span,
    now: Timestamp,
) -> Result<Decision, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are as random as the others")]
    let turn = store.ambient().random() as u64;
    let Movement { meter, amount, direction } = movement;
    match direction {
        Direction::Consume => {
            let standing = inside.billing.standing(now);
            if !standing.may_run {
                return Err(UsageError::PastDue.into());
            }
            let allowed = Allowed { plan: standing.plan, billing: inside.billing.version, span, now };
            Ok(consume(meter, shards, amount, allowed, turn))
        }
        Direction::Release => Ok(release(meter, shards, amount, turn)),
    }
}

/// Whether `shards`, which were not read at one moment, were all there at one: they are if none has changed since the last of
/// them was read. A refusal stands on that, as otherwise it could rest on a sum that never was.
async fn stands(store: &Store, scope: &Scope, span: Span, meter: Meter, shards: &[Shard]) -> Result<bool, Error> {
    if meter.shards() == 1 {
        return Ok(true);
    }
    let mut seen = shards.to_vec();
    seen.sort_unstable_by_key(|shard| shard.number);
    Ok(store.shards(scope, span, meter).await? == seen)
}
