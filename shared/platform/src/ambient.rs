//! The only source of time and randomness. All other code takes them as arguments; `clippy.toml` enforces it.

use domain::ids::Fresh;
use jiff::Timestamp;
use std::{fmt, sync::Arc, time::Duration};
use ulid::Ulid;

/// A source of time and randomness: the system, or given values in tests.
#[derive(Clone)]
pub struct Ambient {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Arc<dyn Fn() -> u128 + Send + Sync>,
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}

impl Ambient {
    /// Uses the system's clock and the operating system's random numbers.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the place")]
        Self::from_sources(Timestamp::now, || {
            let mut bytes = [0; 16];
            // Without entropy no id is safe to use; the operating system provides it from boot on.
            #[expect(clippy::expect_used, reason = "an environment without entropy cannot serve anybody")]
            getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
            u128::from_be_bytes(bytes)
        })
    }

    /// Uses the given sources.
    #[must_use]
    pub fn from_sources(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn() -> u128 + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), random: Arc::new(random) }
    }

    /// Returns the time in whole milliseconds, the resolution of the table's indexes and of ids.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.now)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Returns a new id, which sorts after all ids of earlier milliseconds.
    #[must_use]
    pub fn fresh<Id: Fresh>(&self) -> Id {
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        Id::fresh(Ulid::from_parts(milliseconds, (self.random)()))
    }

    /// Returns 128 random bits.
    #[must_use]
    pub fn random(&self) -> u128 {
        (self.random)()
    }

    /// Returns a random time below `ceiling` ("full jitter"), so that clients that collided once do not collide again.
    #[must_use]
    pub fn jitter(&self, ceiling: Duration) -> Duration {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as random as the others")]
        let part = f64::from((self.random)() as u32) / f64::from(u32::MAX);
        ceiling.mul_f64(part)
    }
}
