//! Records of movements by key, and the conditions for returning a consumption.
//!
//! A workspace cannot raise its own limit by releases: a release of a monthly meter names the consumption it returns,
//! and a consumption is returned once, at most in full, and soon after it was made.

use super::{Amount, Direction, Meter, Movement, RETURNABLE, RecordedMovement, Span, UsageError, UsageKey};
use crate::billing::subscription::Period;
use jiff::Timestamp;

/// A movement, its key, and the consumption that it returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageCommand {
    /// The movement.
    pub movement: Movement,
    /// The key under which the movement counts once.
    pub key: UsageKey,
    /// The key of the consumption that a release returns. Releases of lasting meters need none.
    pub consumption: Option<UsageKey>,
}

/// A release of a monthly meter names no consumption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is missing: name the key of the consumption that is returned")]
pub struct ConsumptionMissing;

impl UsageCommand {
    /// Creates a consumption.
    #[must_use]
    pub const fn consume(meter: Meter, amount: Amount, key: UsageKey) -> Self {
        Self { movement: Movement { direction: Direction::Consume, meter, amount }, key, consumption: None }
    }

    /// Creates a release of `consumption`, if one is named.
    ///
    /// # Errors
    /// [`ConsumptionMissing`] if the meter is monthly and no consumption is named.
    pub fn release(
        meter: Meter,
        amount: Amount,
        key: UsageKey,
        consumption: Option<UsageKey>,
    ) -> Result<Self, ConsumptionMissing> {
        if meter.is_monthly && consumption.is_none() {
            return Err(ConsumptionMissing);
        }
        Ok(Self { movement: Movement { direction: Direction::Release, meter, amount }, key, consumption })
    }

    /// Creates a return by the operator, which names no consumption.
    #[must_use]
    pub const fn operator_return(meter: Meter, amount: Amount, key: UsageKey) -> Self {
        Self { movement: Movement { direction: Direction::Release, meter, amount }, key, consumption: None }
    }
}

/// The record of a counted movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The movement.
    pub movement: RecordedMovement,
    /// Time at which the movement was counted.
    pub at: Timestamp,
    /// The month of the count. `None` for lasting meters, and for records of older versions.
    pub month: Option<Period>,
    /// The key of the consumption that the movement returned.
    pub consumption: Option<UsageKey>,
    /// True if the record is a consumption that was returned.
    pub returned: bool,
}

impl Recorded {
    /// True if the counted movement was `movement`, and returned `consumption`.
    #[must_use]
    pub fn is_of(&self, movement: Movement, consumption: Option<&UsageKey>) -> bool {
        self.movement == movement.into() && self.consumption.as_ref() == consumption
    }

    /// The period of the count of `meter`; `None` if the record does not name it.
    #[must_use]
    pub fn span(&self, meter: Meter) -> Option<Span> {
        if meter.is_monthly { self.month.map(Span::Month) } else { Some(Span::Always) }
    }
}

/// Checks that `release` may return the consumption that was `found` under the key it names.
///
/// # Errors
/// [`UsageError`] if there is no such consumption, it was returned, it is too old, or `release` exceeds it.
pub fn check_returnable(found: Option<&Recorded>, release: Movement, now: Timestamp) -> Result<(), UsageError> {
    let meter = release.meter;
    let is_consumption = |record: &&Recorded| match record.movement.direction {
        Direction::Consume => record.movement.meter == meter.name,
        Direction::Release => false,
    };
    let consumption = found.filter(is_consumption).ok_or(UsageError::ConsumptionNotFound { meter })?;
    if consumption.returned {
        return Err(UsageError::ConsumptionReturned);
    }
    let in_time = !meter.is_monthly || now.duration_since(consumption.at) <= RETURNABLE;
    if !in_time || consumption.span(meter).is_none() {
        return Err(UsageError::ReleaseTooLate);
    }
    let consumed = consumption.movement.amount.get();
    if release.amount.get() > consumed {
        return Err(UsageError::ReleaseExceedsConsumption { meter, consumed });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::{meter, plans};
    use jiff::SignedDuration;

    fn movement(direction: Direction, meter: Meter, amount: u64) -> Movement {
        Movement { direction, meter, amount: amount.try_into().unwrap() }
    }

    fn taken(meter: Meter, amount: u64) -> Recorded {
        let (start, end) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(720));
        Recorded {
            movement: movement(Direction::Consume, meter, amount).into(),
            at: start,
            month: Some(Period { start, end }).filter(|_| meter.is_monthly),
            consumption: None,
            returned: false,
        }
    }

    #[track_caller]
    fn check(found: Option<&Recorded>, amount: u64, after: SignedDuration, expected: Result<(), UsageError>) {
        let meter = meter("ai_credits");
        let release = movement(Direction::Release, meter, amount);
        assert_eq!(check_returnable(found, release, Timestamp::UNIX_EPOCH + after), expected, "{found:?}");
    }

    #[test]
    fn a_consumption_is_returned_once_soon_and_at_most_in_full() {
        let (credits, soon) = (meter("ai_credits"), SignedDuration::from_mins(1));
        let consumption = taken(credits, 10);
        check(Some(&consumption), 10, RETURNABLE, Ok(()));
        check(Some(&consumption), 4, soon, Ok(()));
        check(
            Some(&consumption),
            11,
            soon,
            Err(UsageError::ReleaseExceedsConsumption { meter: credits, consumed: 10 }),
        );
        check(Some(&consumption), 10, RETURNABLE + SignedDuration::from_millis(1), Err(UsageError::ReleaseTooLate));
        check(Some(&Recorded { returned: true, ..consumption.clone() }), 1, soon, Err(UsageError::ConsumptionReturned));
        check(Some(&Recorded { month: None, ..consumption.clone() }), 1, soon, Err(UsageError::ReleaseTooLate));
        let not_found = Err(UsageError::ConsumptionNotFound { meter: credits });
        let released = Recorded { movement: movement(Direction::Release, credits, 10).into(), ..consumption };
        for found in [None, Some(&taken(meter("traces"), 10)), Some(&taken(meter("plugins"), 10)), Some(&released)] {
            check(found, 1, soon, not_found);
        }
    }

    #[test]
    fn a_lasting_consumption_can_be_returned_later() {
        let release = movement(Direction::Release, meter("gateways"), 1);
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(48);
        assert_eq!(check_returnable(Some(&taken(meter("gateways"), 1)), release, later), Ok(()));
    }

    #[test]
    fn a_monthly_release_names_its_consumption() {
        let (amount, key) = (Amount::try_from(1).unwrap(), || "k".parse::<UsageKey>().unwrap());
        for meter in plans().consumed() {
            let unnamed = UsageCommand::release(meter, amount, key(), None);
            assert_eq!(unnamed.is_err(), meter.is_monthly, "{meter}");
            assert!(UsageCommand::release(meter, amount, key(), Some(key())).is_ok());
        }
    }
}
