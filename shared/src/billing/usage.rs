//! Counts the usage of a workspace within the limits of its plan.

use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    runtime::token::Bearer,
    usage::{
        self, Allowed, Direction, Meter, Movement, MovementDecision, Recorded, Shard, Span, UsageCommand, UsageError,
        check_returnable, consume, day_of, release, total,
    },
};
use identity::Caller;
use jiff::Timestamp;
use secrets::RuntimeKey;
use serde::Serialize;
use store::{
    self, Authorized, Store,
    usage::{Counted, Keyed, MeterFacts},
};
use workers::billing::Error;
use workers::decisions::{MAX_COUNTER_DECISIONS, decide_again};

/// State of a meter after a change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = CountedUsage)]
pub struct CountedView {
    /// Name of the meter.
    pub meter: Meter,
    /// Amount consumed or released.
    pub amount: u64,
    /// Amount used after the change; approximate, because other requests count concurrently. A release counts in the
    /// month of the consumption that it returns.
    pub used: u64,
    /// Limit of the plan; null if unlimited.
    pub limit: Option<u64>,
    /// Time at which the usage is reset to zero (RFC 3339, UTC); null if it never is.
    pub resets_at: Option<Timestamp>,
}

/// Changes a meter of `workspace` by `command`, once per usage key. A repetition has no further effect, even if another
/// month has begun since.
///
/// # Errors
/// [`Error`] if the caller may not count usage, the limit is reached, the key was used for another command, or the
/// table fails. A refused command changes nothing.
pub async fn count_usage(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    command: &UsageCommand,
    request: Option<&Fingerprint>,
) -> Result<Reply<CountedView>, Error> {
    count_by(Counter::Member { caller, workspace, request }, store, command).await
}

/// Like [`count_usage`], for the workspace whose container presents `token`. Containers need no idempotency key,
/// because usage keys make repetitions safe.
///
/// # Errors
/// [`Error::NotAContainer`] if the token is not valid, or another [`Error`] as for [`count_usage`]. A refused command changes
/// nothing.
pub async fn count_usage_of_container(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
    command: &UsageCommand,
) -> Result<Reply<CountedView>, Error> {
    let bearer = key.verify(token, store.ambient().now()).await??;
    count_by(Counter::Container(bearer), store, command).await
}

/// The source of a usage command.
#[derive(Debug, Clone, Copy)]
enum Counter<'a> {
    Member { caller: &'a Caller, workspace: WorkspaceId, request: Option<&'a Fingerprint> },
    Container(Bearer),
}

impl<'a> Counter<'a> {
    /// Reads the data that the decision needs, and the earlier answer to the same command.
    async fn read(
        self,
        store: &Store,
        command: &UsageCommand,
        now: Timestamp,
    ) -> Result<(MeterFacts, Option<Reply<CountedView>>), Error> {
        let action = match command.movement.direction {
            Direction::Consume => Action::ConsumeUsage,
            Direction::Release => Action::ReleaseUsage,
        };
        match self {
            Self::Member { caller, workspace, request } => {
                let (entry, meters) = (store.enter(caller, workspace, request), [command.movement.meter]);
                let (inside, usage) = entry.usage::<Error>(action, &meters, now, Some(command)).await?;
                let earlier = inside.earlier_answer()?;
                Ok((MeterFacts::of_member(inside, usage), earlier))
            }
            Self::Container(bearer) => {
                Ok((store.meter_facts_of_container::<Error>(bearer, action, now, command).await?, None))
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
    decide_again(MAX_COUNTER_DECISIONS, Error::is_lost, store::Error::Contended, || async {
        let now = store.ambient().now();
        let (inside, earlier) = counter.read(store, command, now).await?;
        if let Some(answer) = earlier {
            return Ok(answer);
        }
        // A release counts in the month of its consumption.
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
                return Ok(store.record_answer(inside.scope.actor(), request, answer(0)).await?);
            }
            Some(_) => return Err(UsageError::KeyReused.into()),
            None => {}
        }
        if command.consumption.is_some() {
            check_returnable(inside.usage.consumption.as_ref(), movement, now)?;
        }
        let decision = decide(store, &inside, &shards, movement, span, now)?;
        match &decision {
            MovementDecision::ReadAgain => Err(Error::ChangedMeanwhile),
            MovementDecision::Refuse(error) => {
                let consistent = store.shards_are_consistent(&inside.scope, span, meter, &shards).await?;
                Err(if consistent { (*error).into() } else { Error::ChangedMeanwhile })
            }
            MovementDecision::Move { .. } | MovementDecision::Deal { .. } => {
                let answer = answer(movement.signed());
                let keyed = Keyed { command, span, request };
                match store.count(&inside.scope, &shards, &decision, keyed, &answer).await? {
                    Counted::Yes => Ok(Reply::First(answer)),
                    Counted::ChangedMeanwhile => Err(Error::ChangedMeanwhile),
                }
            }
        }
    })
    .await
}

/// Returns the span over which `meter` counts at `now`.
pub(super) fn span(meter: Meter, inside: &Authorized<'_>, now: Timestamp) -> Span {
    usage::span(meter, now, &inside.billing, inside.workspace.created_at)
}

fn decide(
    store: &Store,
    inside: &MeterFacts,
    shards: &[Shard],
    movement: Movement,
    span: Span,
    now: Timestamp,
) -> Result<MovementDecision, Error> {
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
            // A release counts on the day of its consumption.
            let taken_at = inside.usage.consumption.as_ref().map_or(now, |consumption| consumption.at);
            Ok(release(meter, shards, amount, day_of(taken_at), turn))
        }
    }
}
