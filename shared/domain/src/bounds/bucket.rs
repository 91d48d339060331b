//! Token buckets: a burst, and a steady rate after it. A bucket is one timestamp: the time at which it is full again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Capacity of a bucket, and the time in which a token returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Number of tokens in a full bucket.
    pub burst: u16,
    /// Time in which one taken token returns.
    pub every: SignedDuration,
}

/// A token bucket. The default is full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bucket {
    full_at: Option<Timestamp>,
}

/// The bucket has no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bucket is empty")]
pub struct Empty {
    /// Time at which the next token returns.
    pub refills_at: Timestamp,
    /// Seconds until then, rounded up; at least one.
    pub retry_after: u64,
}

impl Bucket {
    /// Takes a token at `now`.
    ///
    /// # Errors
    /// [`Empty`] if the bucket has no token.
    pub fn take(self, rate: Rate, now: Timestamp) -> Result<Self, Empty> {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        let later = |moment: Timestamp, time| moment.saturating_add(time).unwrap_or(Timestamp::MAX);
        let next = later(full_at, rate.every);
        let whole = rate.every.saturating_mul(i32::from(rate.burst));
        let refills_at = later(next, -whole);
        if refills_at > now {
            let wait = refills_at.duration_since(now);
            let seconds = wait.as_secs().saturating_add(i64::from(wait.subsec_nanos() > 0));
            return Err(Empty { refills_at, retry_after: u64::try_from(seconds).unwrap_or(1).max(1) });
        }
        Ok(Self { full_at: Some(next) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate { burst: 3, every: SignedDuration::from_secs(5) };

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn a_burst_passes_and_the_next_token_waits() {
        let mut bucket = Bucket::default();
        for _ in 0..RATE.burst {
            bucket = bucket.take(RATE, at(0)).unwrap();
        }
        assert_eq!(bucket.take(RATE, at(0)), Err(Empty { refills_at: at(5_000), retry_after: 5 }));
        assert_eq!(bucket.take(RATE, at(4_001)), Err(Empty { refills_at: at(5_000), retry_after: 1 }));
        let bucket = bucket.take(RATE, at(5_000)).unwrap();
        assert_eq!(bucket.take(RATE, at(5_000)), Err(Empty { refills_at: at(10_000), retry_after: 5 }));
    }

    proptest! {
        /// No interval allows more than the burst plus the tokens that return within it, and the reported time is
        /// sufficient.
        #[test]
        fn no_interval_exceeds_burst_plus_rate(waits in prop::collection::vec(0..9_000_i64, 1..60)) {
            let (mut bucket, mut now, mut taken) = (Bucket::default(), 0, Vec::new());
            for wait in waits {
                now += wait;
                match bucket.take(RATE, at(now)) {
                    Ok(next) => {
                        bucket = next;
                        taken.push(now);
                    }
                    Err(Empty { refills_at, retry_after }) => {
                        let later = at(now + i64::try_from(retry_after).unwrap() * 1_000);
                        prop_assert!(refills_at <= later && bucket.take(RATE, later).is_ok());
                    }
                }
            }
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let share = i64::from(RATE.burst) + (to - from) / 5_000;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= share);
                }
            }
        }
    }
}
