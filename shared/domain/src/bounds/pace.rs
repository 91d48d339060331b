//! The pace at which one workspace's messages reach a queue that all workspaces share: a few at once, then one a second.
//! However many a workspace has, another workspace's message waits behind those few only.
//!
//! Each message takes a turn. A workspace's turns at a queue are one timestamp: the time until which they are taken. It moves
//! by [`SPACING`] with each turn and is never behind the present, so an idle workspace saves nothing up (GCRA, the leaky bucket
//! as a meter).

use jiff::{SignedDuration, Timestamp};

/// How many turns come at once.
pub const AT_ONCE: i32 = 3;

/// The time between the turns that follow.
pub const SPACING: SignedDuration = SignedDuration::from_secs(1);

/// The turns of a workspace at a queue, all taken up to this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakenUntil(pub Timestamp);

impl TakenUntil {
    /// After the first turn of a workspace that has taken none, or whose turns are all over at `now`.
    #[must_use]
    pub fn first(now: Timestamp) -> Self {
        Self(later(now, SPACING))
    }

    /// The last value at which one more turn comes `within` that time of `now`.
    #[must_use]
    pub fn last(now: Timestamp, within: SignedDuration) -> Self {
        Self(later(later(now, within), SPACING * (AT_ONCE - 1)))
    }

    /// How long after `now` the turn comes that made it this.
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
    fn the_first_turns_come_at_once_and_the_others_one_a_second() {
        let mut taken = TakenUntil::first(NOW);
        let mut delays = vec![taken.delay(NOW).as_secs()];
        for _ in 0..5 {
            taken = TakenUntil(later(taken.0, SPACING));
            delays.push(taken.delay(NOW).as_secs());
        }
        assert_eq!(delays, [0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn the_last_turn_within_a_time_comes_at_its_end() {
        let within = SignedDuration::from_mins(15);
        let last = TakenUntil::last(NOW, within);
        assert_eq!(TakenUntil(later(last.0, SPACING)).delay(NOW), within);
    }
}
