//! Counts the usage of a workspace within the limits of its plan, or checks whether it would be counted.

use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    plans::names::MeterName,
    runtime::token::Bearer,
    usage::{
        self, Allowed, Direction, DryRun, Movement, MovementDecision, Shard, Span, UsageCommand, UsageError,
        check_returnable, consume, day_of, release, total,
    },
};
use identity::Caller;
use jiff::Timestamp;
use secrets::RuntimeKey;
use serde::Serialize;
use store::{
    self, Store,
    api_keys::Spending,
    usage::{Counted, Keyed, MeterFacts, UsageKeys},
};
use workers::billing::Error;
use workers::decisions::{MAX_COUNTER_DECISIONS, decide_again};

/// State of a meter after a change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = CountedUsage)]
pub struct CountedView {
    /// Name of the meter.
    pub meter: MeterName,
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

/// Checks whether `dry_run` would be counted in `workspace` now. The answer and the refusals are those of
/// [`count_usage`]. Nothing is written.
///
/// # Errors
/// [`Error`] as for [`count_usage`].
pub async fn check_usage(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    dry_run: &DryRun,
) -> Result<Reply<CountedView>, Error> {
    check_by(Counter::Member { caller, workspace, request: None }, store, dry_run).await
}

/// Like [`check_usage`], for the workspace whose container presents `token`.
///
/// # Errors
/// [`Error`] as for [`count_usage_of_container`].
pub async fn check_usage_of_container(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
    dry_run: &DryRun,
) -> Result<Reply<CountedView>, Error> {
    let bearer = key.verify(token, store.ambient().now()).await??;
    check_by(Counter::Container(bearer), store, dry_run).await
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
        asked: Asked<'_>,
        now: Timestamp,
    ) -> Result<(MeterFacts, Option<Reply<CountedView>>), Error> {
        let (action, meters) = (asked.action(), [asked.movement.meter]);
        match self {
            Self::Member { caller, workspace, request } => {
                let entry = store.enter(caller, workspace, request);
                let (inside, usage) = entry.usage::<Error>(action, &meters, now, asked.keys).await?;
                let earlier = inside.earlier_answer()?;
                Ok((MeterFacts::of_member(inside, usage), earlier))
            }
            Self::Container(bearer) => {
                Ok((store.meter_facts_of_container::<Error>(bearer, action, &meters, now, asked.keys).await?, None))
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

/// A movement to decide on, and its keys.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    movement: Movement,
    keys: UsageKeys<'a>,
}

impl Asked<'_> {
    const fn action(self) -> Action {
        match self.movement.direction {
            Direction::Consume => Action::ConsumeUsage,
            Direction::Release => Action::ReleaseUsage,
        }
    }
}

/// A movement that is not refused.
enum Considered {
    /// The same request was answered before.
    Answered(Reply<CountedView>),
    /// The movement was counted before, under its key.
    Counted { inside: Box<MeterFacts>, answer: CountedView },
    /// The movement can be counted.
    Accepted(Box<Accepted>),
}

struct Accepted {
    inside: MeterFacts,
    span: Span,
    shards: Vec<Shard>,
    decision: MovementDecision,
    answer: CountedView,
}

/// Reads and decides. Nothing is written.
async fn consider(counter: Counter<'_>, store: &Store, asked: Asked<'_>) -> Result<Considered, Error> {
    let now = store.ambient().now();
    let (movement, meter) = (asked.movement, asked.movement.meter);
    let (inside, earlier) = counter.read(store, asked, now).await?;
    if let Some(answer) = earlier {
        return Ok(Considered::Answered(answer));
    }
    if !meter.is_consumed() {
        return Err(UsageError::Counted { meter }.into());
    }
    // A release counts in the month of its consumption.
    let taken_from = inside.usage.consumption.as_ref().and_then(|recorded| recorded.span(meter));
    let span = taken_from.unwrap_or_else(|| usage::span(meter, now, &inside.billing, inside.created_at));
    let shards = inside.usage.shards(span, meter);
    let answer = |moved: i64| {
        let limit = inside.billing.standing(inside.plans, now).limit(meter);
        let used = total(&shards).saturating_add_signed(moved);
        CountedView { meter: meter.name, amount: movement.amount.get(), used, limit, resets_at: span.resets_at() }
    };
    match &inside.usage.recorded {
        Some(recorded) if recorded.is_of(movement, asked.keys.returned) => {
            let answer = answer(0);
            return Ok(Considered::Counted { inside: Box::new(inside), answer });
        }
        Some(_) => return Err(UsageError::KeyReused.into()),
        None => {}
    }
    if asked.keys.returned.is_some() {
        check_returnable(inside.usage.consumption.as_ref(), movement, now)?;
    }
    if let (Direction::Consume, Some(Spending { budget, spent, month })) = (movement.direction, inside.usage.spending)
        && spent.saturating_add(movement.amount.get()) > budget
    {
        let (amount, resets_at) = (movement.amount.get(), month.end());
        let retry_after = u64::try_from(resets_at.duration_since(now).as_secs()).unwrap_or_default().max(1);
        return Err(UsageError::KeyBudget { meter, amount, budget, spent, resets_at, retry_after }.into());
    }
    let decision = decide(store, &inside, &shards, movement, span, now)?;
    match decision {
        MovementDecision::ReadAgain => Err(Error::ChangedMeanwhile),
        MovementDecision::Refuse(error) => {
            let consistent = store.shards_are_consistent(&inside.scope, span, meter, &shards).await?;
            Err(if consistent { error.into() } else { Error::ChangedMeanwhile })
        }
        MovementDecision::Move { .. } | MovementDecision::Deal { .. } => {
            let answer = answer(movement.signed());
            Ok(Considered::Accepted(Box::new(Accepted { inside, span, shards, decision, answer })))
        }
    }
}

async fn count_by(counter: Counter<'_>, store: &Store, command: &UsageCommand) -> Result<Reply<CountedView>, Error> {
    let (asked, request) = (Asked { movement: command.movement, keys: command.into() }, counter.request());
    decide_again(MAX_COUNTER_DECISIONS, Error::is_lost, store::Error::Contended, || async {
        match consider(counter, store, asked).await? {
            Considered::Answered(answer) => Ok(answer),
            Considered::Counted { inside, answer } => {
                Ok(store.record_answer(inside.scope.actor(), request, answer).await?)
            }
            Considered::Accepted(accepted) => {
                let Accepted { inside, span, shards, decision, answer } = *accepted;
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

async fn check_by(counter: Counter<'_>, store: &Store, dry_run: &DryRun) -> Result<Reply<CountedView>, Error> {
    let keys = UsageKeys { counted: dry_run.key.as_ref(), returned: None };
    let asked = Asked { movement: dry_run.movement, keys };
    decide_again(MAX_COUNTER_DECISIONS, Error::is_lost, store::Error::Contended, || async {
        match consider(counter, store, asked).await? {
            Considered::Answered(answer) => Ok(answer),
            Considered::Counted { answer, .. } => Ok(Reply::First(answer)),
            Considered::Accepted(accepted) => Ok(Reply::First(accepted.answer)),
        }
    })
    .await
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
            let standing = inside.billing.standing(inside.plans, now);
            if !standing.may_run {
                return Err(UsageError::PastDue.into());
            }
            let allowed = Allowed { standing, billing: inside.billing.version, span, now };
            Ok(consume(meter, shards, amount, &allowed, turn))
        }
        Direction::Release => {
            // A release counts on the day of its consumption.
            let taken_at = inside.usage.consumption.as_ref().map_or(now, |consumption| consumption.at);
            Ok(release(meter, shards, amount, day_of(taken_at), turn))
        }
    }
}
