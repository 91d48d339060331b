//! Counting what a workspace uses, within what its plan allows.

use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    runtime::token::{Bearer, NotAContainer},
    usage::{
        self, Allowed, Decision, Direction, Meter, Movement, Recorded, Shard, Span, UsageCommand, UsageError, consume,
        day_of, may_return, release, total,
    },
};
use identity::Caller;
use jiff::Timestamp;
use secrets::RuntimeKey;
use serde::Serialize;
use store::{
    self, Inside, Store,
    usage::{Counted, Counting, Keyed},
};
use workers::billing::Error;
use workers::decisions::OF_COUNTERS;

/// What became of a meter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = UsageCounted)]
pub struct CountedView {
    /// The meter.
    pub meter: Meter,
    /// How much was taken or given back.
    pub amount: u64,
    /// What is used now, as far as is known: others count at the same time. A release counts in the month of the consumption
    /// that it returns.
    pub used: u64,
    /// What the plan allows; null is no limit.
    pub limit: Option<u64>,
    /// When the use starts anew; null is never.
    pub resets_at: Option<Timestamp>,
}

/// Moves a meter of `workspace` as `command` says, once for each of its keys: a repetition has counted, even if another month
/// has begun since.
///
/// # Errors
/// [`Error`]; whoever is refused has left nothing behind.
pub async fn count(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    command: &UsageCommand,
    request: Option<&Fingerprint>,
) -> Result<Reply<CountedView>, Error> {
    count_by(Counter::Member { caller, workspace, request }, store, command).await
}

/// The same for the workspace whose container shows `token`. Its usage keys are all it needs to send something again.
///
/// # Errors
/// [`Error`]; whoever is refused has left nothing behind.
pub async fn count_for_container(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
    command: &UsageCommand,
) -> Result<Reply<CountedView>, Error> {
    let bearer = key.read(token, store.ambient().now()).await?.ok_or(NotAContainer)?;
    count_by(Counter::Container(bearer), store, command).await
}

/// Who counts.
#[derive(Debug, Clone, Copy)]
enum Counter<'a> {
    Member { caller: &'a Caller, workspace: WorkspaceId, request: Option<&'a Fingerprint> },
    Container(Bearer),
}

impl<'a> Counter<'a> {
    /// What a movement is decided on, and the answer that the same command got before.
    async fn read(
        self,
        store: &Store,
        command: &UsageCommand,
        now: Timestamp,
    ) -> Result<(Counting, Option<Reply<CountedView>>), Error> {
        let action = match command.movement.direction {
            Direction::Consume => Action::ConsumeUsage,
            Direction::Release => Action::ReleaseUsage,
        };
        match self {
            Self::Member { caller, workspace, request } => {
                let (entry, meters) = (store.enter(caller, workspace, request), [command.movement.meter]);
                let (inside, usage) = entry.usage::<Error>(action, &meters, now, Some(command)).await?;
                let earlier = inside.earlier_answer()?;
                Ok((Counting::of_member(inside, usage), earlier))
            }
            Self::Container(bearer) => {
                Ok((store.counting_of_container::<Error>(bearer, action, now, command).await?, None))
            }
        }
    }

    const fn request(self) -> Option<&'a Fingerprint> {
        match self {
            Self::Member { request, .. } => request,
            Self::Container(_) => None,
        }
    }
}

async fn count_by(counter: Counter<'_>, store: &Store, command: &UsageCommand) -> Result<Reply<CountedView>, Error> {
    let (movement, request) = (command.movement, counter.request());
    let meter = movement.meter;
    for _ in 0..OF_COUNTERS {
        let now = store.ambient().now();
        let (inside, earlier) = counter.read(store, command, now).await?;
        if let Some(answer) = earlier {
            return Ok(answer);
        }
        // What is returned goes back to the month that it was taken from.
        let taken_from = inside.usage.consumption.as_ref().and_then(Recorded::span);
        let span = taken_from.unwrap_or_else(|| usage::span(meter, now, &inside.billing, inside.created_at));
        let shards = inside.usage.shards(span, meter);
        let answer = |moved: i64| {
            let limit = meter.limit(&inside.billing.standing(now).limits());
            let used = total(&shards).saturating_add_signed(moved);
            CountedView { meter, amount: movement.amount.get(), used, limit, resets_at: span.resets_at() }
        };
        match &inside.usage.recorded {
            Some(recorded) if recorded.is_of(command) => {
                return Ok(store.remember(inside.scope.actor(), request, answer(0)).await?);
            }
            Some(_) => return Err(UsageError::KeyReused.into()),
            None => {}
        }
        if command.consumption.is_some() {
            may_return(inside.usage.consumption.as_ref(), movement, now)?;
        }
        let decision = decide(store, &inside, &shards, movement, span, now)?;
        match &decision {
            Decision::ReadAgain => {}
            Decision::Refuse(error) => {
                if store.shards_stand(&inside.scope, span, meter, &shards).await? {
                    return Err((*error).into());
                }
            }
            Decision::Move { .. } | Decision::Deal { .. } => {
                let answer = answer(movement.signed());
                let keyed = Keyed { command, span, request };
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
    usage::span(meter, now, &inside.billing, inside.workspace.created_at)
}

fn decide(
    store: &Store,
    inside: &Counting,
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
            let allowed = Allowed { standing, billing: inside.billing.version, span, now };
            Ok(consume(meter, shards, amount, allowed, turn))
        }
        Direction::Release => {
            // It counts against the day of what it returns.
            let taken_at = inside.usage.consumption.as_ref().map_or(now, |consumption| consumption.at);
            Ok(release(meter, shards, amount, day_of(taken_at), turn))
        }
    }
}
