//! An exact count of a meter, spread over shards that can be written in parallel.
//!
//! Each shard stores the amount counted at it and the amount that may still be taken from it. The amount left over all
//! shards always equals the limit minus the usage: a movement changes both by the same amount, and a deal distributes
//! the limit once. So a single shard can allow a consumption, and a shard with too little takes the rest from others in
//! the same transaction.
//!
//! If the limit fell below the usage, the first shard owes the difference. Releases pay that debt first; as long as
//! there is one, no shard has anything left.
//!
//! The consumption that takes the last of the limit reports that the limit is reached. The shards it read do not prove
//! that it is the last, because others consume at the same time. So the write requires either that something is left at
//! one shard, or that all shards are unchanged.

use super::{Amount, Days, Meter, Span, UsageError, day_of, near::is_near};
use crate::billing::subscription::Standing;
use jiff::{SignedDuration, Timestamp, civil::Date};

/// The amount left without a limit: more than anyone takes, while sums of it stay within 64 bits.
const ENDLESS: i64 = 1_000_000_000_000_000_000;

/// Time for which a limit is not reported again by a count that never resets; no month is longer.
const QUIET: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The terms of a deal. All shards of a count have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Number of deals so far.
    pub deal: u64,
    /// The plan's limit at that time; `None` is unlimited.
    pub limit: Option<u64>,
    /// The version of the billing that the limit comes from.
    pub billing: u64,
    /// Time at which the count ends.
    pub resets_at: Option<Timestamp>,
}

/// A shard of a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// Number of the shard.
    pub number: u8,
    /// Amount counted at the shard.
    pub used: i64,
    /// Amount that may still be taken from the shard; a negative amount is owed.
    pub left: i64,
    /// Grows with every change of the shard.
    pub version: u64,
    /// Terms of the last deal.
    pub terms: Terms,
    /// Time of the last report that the limit is reached; stored in the first shard for all of them.
    pub limit_reported_at: Option<Timestamp>,
    /// Time of the last report that usage is near the limit; stored in the first shard for all of them.
    pub near_reported_at: Option<Timestamp>,
    /// Usage by day of a monthly meter. Either all shards of a deal have it, or none.
    pub days: Option<Days>,
}

/// Change of a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardChange {
    /// Number of the shard.
    pub number: u8,
    /// Change of the counted amount, which never falls below zero.
    pub used: i64,
    /// Change of the amount left; an amount to take must be there.
    pub left: i64,
}

/// A limit to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitReport {
    /// Usage is near this limit.
    Near(u64),
    /// This limit is reached.
    Reached(u64),
}

/// Decision about a movement, based on the shards that were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovementDecision {
    /// Changes these shards if they still belong to this deal.
    Move {
        /// The deal.
        deal: u64,
        /// The changes.
        parts: Vec<ShardChange>,
        /// The shard that must have something left afterwards, so that this is not the last consumption.
        leaves: Option<u8>,
        /// The day the movement counts on, if the count has days.
        day: Option<Date>,
    },
    /// Writes all shards again, if each is unchanged.
    Deal {
        /// The new shards.
        shards: Vec<Shard>,
        /// The limit that must be reported with this change.
        report: Option<LimitReport>,
    },
    /// The shards were written during the read, or on newer facts; read them again.
    ReadAgain,
    /// Refuses the movement, if the shards were read in one consistent state.
    Refuse(UsageError),
}

/// Facts that a consumption is decided on, in addition to the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The standing in force.
    pub standing: Standing,
    /// The version of the billing that the standing comes from.
    pub billing: u64,
    /// The period that is counted.
    pub span: Span,
    /// Time of the decision.
    pub now: Timestamp,
}

/// Total amount counted at `shards`.
#[must_use]
pub fn total(shards: &[Shard]) -> u64 {
    u64::try_from(shards.iter().map(|shard| shard.used).sum::<i64>()).unwrap_or_default()
}

/// Decides a consumption of `amount` of `meter`, whose count has these `shards`. Callers with different values of
/// `turn` begin at different shards.
#[must_use]
pub fn consume(meter: Meter, shards: &[Shard], amount: Amount, allowed: &Allowed, turn: u64) -> MovementDecision {
    let limit = allowed.standing.limit(meter);
    let terms = match terms(meter, shards) {
        Known::Torn => return MovementDecision::ReadAgain,
        Known::Never => Terms { deal: 0, limit: None, billing: 0, resets_at: None },
        // Another caller has seen a change of the billing that was not seen here.
        Known::Dealt(terms) if terms.limit != limit && terms.billing > allowed.billing => {
            return MovementDecision::ReadAgain;
        }
        Known::Dealt(terms) => terms,
    };
    let used = shards.iter().map(|shard| shard.used).sum::<i64>();
    if let Some(limit) = limit.filter(|limit| signed(*limit).saturating_sub(used) < amount.signed()) {
        let resets_at = allowed.span.resets_at();
        let (amount, used) = (amount.get(), total(shards));
        return MovementDecision::Refuse(UsageError::LimitReached {
            plan: allowed.standing.plan.name,
            upgrade_to: allowed.standing.next_with_more(meter),
            meter,
            amount,
            limit,
            used,
            resets_at,
        });
    }
    // Shards that were last dealt before days were counted all begin to count days in the same write.
    let without_days = meter.is_monthly && shards.iter().any(|shard| shard.days.is_none());
    if terms.deal == 0 || terms.limit != limit || without_days {
        let resets_at = allowed.span.resets_at();
        let billing = allowed.billing.max(terms.billing);
        let terms = Terms { deal: terms.deal + 1, limit, billing, resets_at };
        return deal(meter, shards, amount, terms, allowed, turn);
    }
    let taken = pick(shards, amount.signed(), turn, |shard| shard.left);
    if taken.iter().map(|(_, part)| part).sum::<i64>() != amount.signed() {
        // A debt was paid while the shards were read.
        return MovementDecision::ReadAgain;
    }
    let parts: Vec<_> =
        taken.into_iter().map(|(number, part)| ShardChange { number, used: part, left: -part }).collect();
    let day = day_if_counted(shards, day_of(allowed.now));
    let Some(limit) = limit else { return MovementDecision::Move { deal: terms.deal, parts, leaves: None, day } };
    let reported = Reported::by(shards, allowed.now);
    let leaves = leaves(shards, &parts).filter(|_| reported.reached.is_none());
    match reported.due(limit, used + amount.signed(), leaves.is_none()) {
        None => MovementDecision::Move { deal: terms.deal, parts, leaves, day },
        Some(report) => {
            let shards = moved(shards, &parts, reported.with(report, allowed.now), allowed.now);
            MovementDecision::Deal { shards, report: Some(report) }
        }
    }
}

/// Decides a release of `amount` of `meter`, whose count has these `shards`. It counts against `day`.
#[must_use]
pub fn release(meter: Meter, shards: &[Shard], amount: Amount, day: Date, turn: u64) -> MovementDecision {
    let used = total(shards);
    let terms = match terms(meter, shards) {
        Known::Torn => return MovementDecision::ReadAgain,
        Known::Never => return MovementDecision::Refuse(UsageError::BelowZero { meter, used }),
        Known::Dealt(terms) => terms,
    };
    if used < amount.get() {
        return MovementDecision::Refuse(UsageError::BelowZero { meter, used });
    }
    let given = pick(shards, amount.signed(), turn, |shard| shard.used);
    let day = day_if_counted(shards, day);
    // Only a deal creates a debt: if there is none now, there will be none before the next deal.
    let Some(debtor) = shards.iter().find(|shard| shard.left < 0) else {
        let parts = given.into_iter().map(|(number, part)| ShardChange { number, used: -part, left: part });
        return MovementDecision::Move { deal: terms.deal, parts: parts.collect(), leaves: None, day };
    };
    let mut parts: Vec<_> =
        given.into_iter().map(|(number, part)| ShardChange { number, used: -part, left: 0 }).collect();
    match parts.iter_mut().find(|part| part.number == debtor.number) {
        Some(part) => part.left = amount.signed(),
        None => parts.push(ShardChange { number: debtor.number, used: 0, left: amount.signed() }),
    }
    MovementDecision::Move { deal: terms.deal, parts, leaves: None, day }
}

/// Returns `day` if these shards have days.
fn day_if_counted(shards: &[Shard], day: Date) -> Option<Date> {
    shards.iter().all(|shard| shard.days.is_some()).then_some(day)
}

/// The deal that the shards belong to.
enum Known {
    /// Nothing was counted yet.
    Never,
    /// All shards belong to a deal with these terms.
    Dealt(Terms),
    /// The shards were read during a deal.
    Torn,
}

fn terms(meter: Meter, shards: &[Shard]) -> Known {
    let Some(first) = shards.first() else { return Known::Never };
    let whole = shards.len() == usize::from(meter.shards);
    if whole && shards.iter().all(|shard| shard.terms.deal == first.terms.deal) {
        Known::Dealt(first.terms)
    } else {
        Known::Torn
    }
}

/// Writes all shards after `amount` more was counted, with the rest of the limit distributed evenly.
fn deal(
    meter: Meter,
    shards: &[Shard],
    amount: Amount,
    terms: Terms,
    allowed: &Allowed,
    turn: u64,
) -> MovementDecision {
    let now = allowed.now;
    let count = meter.shards;
    let taker = u8::try_from(turn % u64::from(count)).unwrap_or_default();
    let used = shards.iter().map(|shard| shard.used).sum::<i64>() + amount.signed();
    let left = terms.limit.map_or(ENDLESS, signed).saturating_sub(used);
    let (each, odd) = if left < 0 { (0, 0) } else { (left / i64::from(count), left % i64::from(count)) };
    // A deal on the same limit does not report it again.
    let reported = Reported::by(shards.iter().filter(|shard| shard.terms.limit == terms.limit), now);
    let report = terms.limit.and_then(|limit| reported.due(limit, used, left == 0));
    let reported = report.map_or(reported, |report| reported.with(report, now));
    let fresh = || Days::begin(allowed.span, !shards.is_empty(), now);
    let shard = |number: u8| {
        let before = shards.iter().find(|shard| shard.number == number);
        let debt = if number == 0 { left.min(0) } else { 0 };
        let taken = if number == taker { amount.signed() } else { 0 };
        let days = before.and_then(|shard| shard.days.clone()).unwrap_or_else(fresh);
        Shard {
            number,
            used: before.map_or(0, |shard| shard.used) + taken,
            left: each + i64::from(i64::from(number) < odd) + debt,
            version: before.map_or(0, |shard| shard.version) + 1,
            terms,
            limit_reported_at: reported.reached.filter(|_| number == 0),
            near_reported_at: reported.near.filter(|_| number == 0),
            days: meter.is_monthly.then(|| days.plus(day_of(now), taken)),
        }
    };
    MovementDecision::Deal { shards: (0..count).map(shard).collect(), report }
}

/// Times of the reports of a count's limit that need not be repeated yet.
#[derive(Debug, Clone, Copy)]
struct Reported {
    near: Option<Timestamp>,
    reached: Option<Timestamp>,
}

impl Reported {
    fn by<'a>(shards: impl IntoIterator<Item = &'a Shard>, now: Timestamp) -> Self {
        let recent = |at: &Timestamp| now.duration_since(*at) < QUIET;
        shards.into_iter().fold(Self { near: None, reached: None }, |known, shard| Self {
            near: known.near.or(shard.near_reported_at.filter(recent)),
            reached: known.reached.or(shard.limit_reported_at.filter(recent)),
        })
    }

    /// What is to be reported once `used` of `limit` is used. Nothing is near a limit whose reach was reported.
    fn due(self, limit: u64, used: i64, is_used_up: bool) -> Option<LimitReport> {
        match self {
            Self { reached: Some(_), .. } => None,
            Self { reached: None, .. } if is_used_up => Some(LimitReport::Reached(limit)),
            Self { reached: None, near: Some(_) } => None,
            Self { reached: None, near: None } => {
                is_near(u64::try_from(used).unwrap_or_default(), limit).then_some(LimitReport::Near(limit))
            }
        }
    }

    fn with(self, report: LimitReport, now: Timestamp) -> Self {
        match report {
            LimitReport::Near(_) => Self { near: Some(now), ..self },
            LimitReport::Reached(_) => Self { reached: Some(now), ..self },
        }
    }
}

/// Finds a shard with something left after `parts` were taken; prefers one of those that change.
fn leaves(shards: &[Shard], parts: &[ShardChange]) -> Option<u8> {
    let after = |shard: &Shard| shard.left + change(parts, shard.number).left;
    let left = || shards.iter().filter(|shard| after(shard) > 0);
    let changed = left().find(|shard| change(parts, shard.number).left != 0);
    changed.or_else(|| left().max_by_key(|shard| after(shard))).map(|shard| shard.number)
}

/// Computes all shards after `parts`, with the reports of the limit.
fn moved(shards: &[Shard], parts: &[ShardChange], reported: Reported, now: Timestamp) -> Vec<Shard> {
    let after = |shard: &Shard| {
        let ShardChange { used, left, .. } = change(parts, shard.number);
        Shard {
            used: shard.used + used,
            left: shard.left + left,
            version: shard.version + 1,
            limit_reported_at: reported.reached.filter(|_| shard.number == 0),
            near_reported_at: reported.near.filter(|_| shard.number == 0),
            days: shard.days.clone().map(|days| days.plus(day_of(now), used)),
            ..*shard
        }
    };
    shards.iter().map(after).collect()
}

/// The change of the shard with this number.
fn change(parts: &[ShardChange], number: u8) -> ShardChange {
    parts.iter().find(|part| part.number == number).copied().unwrap_or(ShardChange { number, used: 0, left: 0 })
}

/// Chooses the shards that `amount` comes from, given what each `has`: a single one that has all of it, or else the
/// fewest.
fn pick(shards: &[Shard], amount: i64, turn: u64, has: fn(&Shard) -> i64) -> Vec<(u8, i64)> {
    let first = usize::try_from(turn % u64::try_from(shards.len().max(1)).unwrap_or(1)).unwrap_or_default();
    let mut turned = shards.iter().cycle().skip(first).take(shards.len());
    if let Some(whole) = turned.find(|shard| has(shard) >= amount) {
        return vec![(whole.number, amount)];
    }
    let mut richest: Vec<_> = shards.iter().filter(|shard| has(shard) > 0).collect();
    richest.sort_by_key(|shard| std::cmp::Reverse(has(shard)));
    let mut rest = amount;
    let parts = richest.into_iter().map(|shard| {
        let part = rest.min(has(shard));
        rest -= part;
        (shard.number, part)
    });
    parts.filter(|(_, part)| *part > 0).collect()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{
        plan::Plan,
        samples::{meter, plan, plans},
    };
    use proptest::prelude::*;

    /// Changes a count as the table would.
    fn apply(shards: &mut Vec<Shard>, decision: MovementDecision) -> Result<(), UsageError> {
        match decision {
            MovementDecision::Deal { shards: dealt, .. } => *shards = dealt,
            MovementDecision::Move { deal, parts, leaves, day } => {
                for part in parts {
                    let shard = shards.iter_mut().find(|shard| shard.number == part.number).unwrap();
                    assert_eq!(shard.terms.deal, deal);
                    assert!(part.left >= 0 || shard.left >= -part.left, "a shard has the amount that is taken");
                    (shard.used, shard.left) = (shard.used + part.used, shard.left + part.left);
                    shard.version += 1;
                    if let Some(day) = day {
                        shard.days = shard.days.take().map(|days| days.plus(day, part.used));
                    }
                    assert!(shard.used >= 0);
                }
                let kept = |shard: &Shard| shard.left > 0 || leaves != Some(shard.number);
                assert!(shards.iter().all(kept), "the required amount is left");
            }
            MovementDecision::ReadAgain => panic!("no other writer exists"),
            MovementDecision::Refuse(error) => return Err(error),
        }
        Ok(())
    }

    fn allowed(plan: Plan) -> Allowed {
        Allowed { standing: Standing::paid(plans(), plan), billing: 1, span: Span::Always, now: Timestamp::UNIX_EPOCH }
    }

    fn days() -> Option<Days> {
        Some(Days::begin(Span::Always, true, Timestamp::UNIX_EPOCH))
    }

    #[derive(Debug, Clone)]
    enum Step {
        Consume(u64),
        Release(u64),
        Change(Plan),
        TakeTheRest,
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (1..700_u64).prop_map(Step::Consume),
            3 => (1..700_u64).prop_map(Step::Release),
            1 => Just(Step::TakeTheRest),
            1 => proptest::sample::select(vec![plan("free"), plan("starter"), plan("enterprise")]).prop_map(Step::Change),
        ]
    }

    proptest! {
        /// Compares the shards with a plain number: the same movements are accepted and refused, the shards add up to
        /// the amount left, and the first time that a limit is near and that it is reached are reported.
        ///
        /// Invariant 23.
        #[test]
        fn the_shards_are_one_number(
            steps in proptest::collection::vec((any_step(), any::<u64>()), 1..60),
            spread: bool,
        ) {
            let meter = if spread { meter("executions") } else { meter("storage_mb") };
            let (mut shards, mut plan, mut used) = (Vec::new(), plan("free"), 0);
            let (mut reached, mut near) = (false, false);
            for (step, turn) in steps {
                let step = match (step, plans().limits(plan).of(meter)) {
                    (Step::TakeTheRest, Some(limit)) if limit > used => Step::Consume(limit - used),
                    (Step::TakeTheRest, _) => continue,
                    (step, _) => step,
                };
                match step {
                    Step::Change(to) => plan = to,
                    Step::TakeTheRest => unreachable!("it has become a number"),
                    Step::Consume(amount) => {
                        let limit = plans().limits(plan).of(meter);
                        let fits = plans().limits(plan).of(meter).is_none_or(|limit| used + amount <= limit);
                        let amount = Amount::try_from(amount).unwrap();
                        let decision = consume(meter, &shards, amount, &allowed(plan), turn);
                        let report = if let MovementDecision::Deal { report, .. } = &decision { *report } else { None };
                        let before = shards.first().and_then(|shard: &Shard| shard.terms.limit);
                        let done = apply(&mut shards, decision);
                        prop_assert_eq!(done.is_ok(), fits);
                        if fits {
                            used += amount.get();
                            (reached, near) = (reached && before == limit, near && before == limit);
                            let expected = limit.filter(|_| !reached).and_then(|limit| match used {
                                used if used == limit => Some(LimitReport::Reached(limit)),
                                used if !near && used * 5 >= limit * 4 => Some(LimitReport::Near(limit)),
                                _ => None,
                            });
                            prop_assert_eq!(report, expected);
                            reached |= matches!(report, Some(LimitReport::Reached(_)));
                            near |= matches!(report, Some(LimitReport::Near(_)));
                        }
                    }
                    Step::Release(amount) => {
                        let given = Amount::try_from(amount).unwrap();
                        let decision = release(meter, &shards, given, day_of(Timestamp::UNIX_EPOCH), turn);
                        let done = apply(&mut shards, decision);
                        prop_assert_eq!(done.is_ok(), amount <= used);
                        used -= if amount <= used { amount } else { 0 };
                    }
                }
                prop_assert_eq!(total(&shards), used);
                let by_day = |shard: &Shard| shard.days.as_ref().map(|days| days.used.values().sum::<i64>());
                let by_day: Option<i64> = shards.iter().map(by_day).sum();
                prop_assert_eq!(by_day, (spread || shards.is_empty()).then_some(signed(used)));
                if let Some(terms) = shards.first().map(|shard| shard.terms) {
                    let left: i64 = shards.iter().map(|shard| shard.left).sum();
                    prop_assert_eq!(left + signed(used), terms.limit.map_or(ENDLESS, signed));
                    // A debt and an amount left never exist at the same time.
                    prop_assert!(shards.iter().all(|shard| shard.left >= 0) || shards.iter().all(|shard| shard.left <= 0));
                }
            }
        }
    }

    #[test]
    fn a_consumption_combines_small_rests() {
        let terms = Terms { deal: 3, limit: Some(1_000), billing: 1, resets_at: None };
        let shards: Vec<_> = (0..8)
            .map(|number| Shard {
                number,
                used: 124,
                left: 1,
                version: 1,
                terms,
                limit_reported_at: None,
                near_reported_at: None,
                days: days(),
            })
            .collect();
        let amount = Amount::try_from(8).unwrap();
        let decision = consume(meter("executions"), &shards, amount, &allowed(plan("free")), 5);
        let last = |shards: &[Shard]| shards.iter().all(|shard| shard.left == 0 && shard.used == 125);
        assert!(
            matches!(decision, MovementDecision::Deal { shards, report: Some(LimitReport::Reached(1_000)) } if last(&shards))
        );
        let amount = Amount::try_from(9).unwrap();
        let refused = consume(meter("executions"), &shards, amount, &allowed(plan("free")), 5);
        assert!(matches!(refused, MovementDecision::Refuse(UsageError::LimitReached { used: 992, limit: 1_000, .. })));
    }

    #[test]
    fn shards_without_days_begin_to_count_in_one_write() {
        let terms = Terms { deal: 3, limit: Some(1_000), billing: 7, resets_at: None };
        let reported = Some(Timestamp::UNIX_EPOCH);
        let shard = |number| Shard {
            number,
            used: 10,
            left: 115,
            version: 1,
            terms,
            limit_reported_at: reported.filter(|_| number == 0),
            near_reported_at: None,
            days: None,
        };
        let mut shards: Vec<_> = (0..8).map(shard).collect();
        let (one, day) = (Amount::try_from(1).unwrap(), day_of(Timestamp::UNIX_EPOCH));
        let released = release(meter("executions"), &shards, one, day, 0);
        assert!(matches!(released, MovementDecision::Move { day: None, .. }), "{released:?}");
        let decision = consume(meter("executions"), &shards, one, &allowed(plan("free")), 0);
        apply(&mut shards, decision).unwrap();
        assert_eq!((total(&shards), shards[0].terms.billing, shards[0].limit_reported_at), (81, 7, reported));
        assert!(
            shards.iter().all(|shard| shard.days.as_ref().is_some_and(|days| days.since == allowed(plan("free")).now))
        );
        let next = consume(meter("executions"), &shards, one, &allowed(plan("free")), 0);
        assert!(matches!(next, MovementDecision::Move { day: Some(_), .. }), "{next:?}");
    }

    #[test]
    fn shards_of_different_deals_are_read_again() {
        let terms = Terms { deal: 3, limit: Some(1_000), billing: 7, resets_at: None };
        let shard = |number, deal| {
            let terms = Terms { deal, ..terms };
            let reported = None;
            Shard {
                number,
                used: 0,
                left: 125,
                version: 1,
                terms,
                limit_reported_at: reported,
                near_reported_at: reported,
                days: days(),
            }
        };
        let torn: Vec<_> = (0..8).map(|number| shard(number, if number < 4 { 3 } else { 4 })).collect();
        let whole: Vec<_> = (0..8).map(|number| shard(number, 3)).collect();
        let one = Amount::try_from(1).unwrap();
        let free = allowed(plan("free"));
        for shards in [&torn[..], &whole[..5]] {
            assert_eq!(consume(meter("traces"), shards, one, &free, 0), MovementDecision::ReadAgain);
            assert_eq!(
                release(meter("traces"), shards, one, day_of(Timestamp::UNIX_EPOCH), 0),
                MovementDecision::ReadAgain
            );
        }
        // The plan was changed by a billing that this reader has not seen.
        assert_eq!(consume(meter("executions"), &whole, one, &allowed(plan("pro")), 0), MovementDecision::ReadAgain);
        assert!(matches!(consume(meter("executions"), &whole, one, &free, 0), MovementDecision::Move { .. }));
        let newer = Allowed { billing: 8, ..allowed(plan("pro")) };
        assert!(matches!(consume(meter("executions"), &whole, one, &newer, 0), MovementDecision::Deal { .. }));
    }
}
