//! The pace at which one workspace's messages reach a queue that all workspaces share: a few at once, then one per
//! second. However many messages a workspace sends, another workspace's message waits for those few only.
//!
//! Each message takes a turn. The turns of a workspace at a queue are stored as one timestamp: the time until which
//! they are taken. Each turn moves it by [`SPACING`], and it is never in the past, so an idle workspace cannot save up
//! turns (GCRA, the leaky bucket as a meter).

use jiff::{SignedDuration, Timestamp};

/// Number of turns without delay.
pub const AT_ONCE: i32 = 3;

/// Time between the turns that follow.
pub const SPACING: SignedDuration = SignedDuration::from_secs(1);

/// Time until which the turns of a workspace at a queue are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakenUntil(pub Timestamp);

impl TakenUntil {
    /// The value after the first turn of a workspace whose earlier turns have all passed at `now`.
    #[must_use]
    pub fn first(now: Timestamp) -> Self {
        Self(later(now, SPACING))
    }

    /// The highest value that still allows a turn `within` that time of `now`.
    #[must_use]
    pub fn last(now: Timestamp, within: SignedDuration) -> Self {
        Self(later(later(now, within), SPACING * (AT_ONCE - 1)))
    }

    /// Delay between `now` and the turn that produced this value.
    #[must_use]
    pub fn delay(self, now: Timestamp) -> SignedDuration {
        self.0.duration_since(later(now, SPACING * AT_ONCE)).max(SignedDuration::ZERO)
    }
}

fn later(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.saturating_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn the_first_turns_are_immediate_then_one_per_second() {
        let mut taken = TakenUntil::first(NOW);
        let mut delays = vec![taken.delay(NOW).as_secs()];
        for _ in 0..5 {
            taken = TakenUntil(later(taken.0, SPACING));
            delays.push(taken.delay(NOW).as_secs());
        }
        assert_eq!(delays, [0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn the_last_turn_within_a_time_is_at_its_end() {
        let within = SignedDuration::from_mins(15);
        let last = TakenUntil::last(NOW, within);
        assert_eq!(TakenUntil(later(last.0, SPACING)).delay(NOW), within);
    }
}
