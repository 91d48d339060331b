//! The only source of time and randomness. All other code takes them as arguments; `clippy.toml` enforces it.

use domain::ids::Fresh;
use jiff::Timestamp;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use ulid::Ulid;

/// A source of time and randomness: the system, or given values in tests.
#[derive(Clone)]
pub struct Ambient {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    observed: Arc<dyn Fn(Timestamp) -> Timestamp + Send + Sync>,
    random: Arc<dyn Fn() -> u128 + Send + Sync>,
    salts: Arc<dyn Fn() -> u128 + Send + Sync>,
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}

impl Ambient {
    /// Uses the system's clock and the operating system's random numbers. In the local cloud the clock can be moved; a
    /// process lives over moves, so every call reads them again.
    #[must_use]
    pub fn system() -> Self {
        let observed = Arc::new(observed());
        let clock = Arc::clone(&observed);
        #[expect(clippy::disallowed_methods, reason = "this is the place")]
        let system = Self::from_sources(move || clock(Timestamp::now()), entropy);
        Self { observed, salts: Arc::new(entropy), ..system }
    }

    /// Uses the given sources. Salts are numbers in their order, so that they take none of the random numbers.
    #[must_use]
    pub fn from_sources(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn() -> u128 + Send + Sync + 'static,
    ) -> Self {
        let salts = AtomicU64::new(0);
        let salts = Arc::new(move || u128::from(salts.fetch_add(1, Ordering::Relaxed)));
        Self { now: Arc::new(now), observed: Arc::new(|at| at), random: Arc::new(random), salts }
    }

    /// Returns the time in whole milliseconds, the resolution of the table's indexes and of ids.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.now)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Returns the time of this source when the system's clock shows `at`, the time of an observation: ECS reports such
    /// times, and Lambda's deadlines are. They differ only in a local cloud whose clock was moved.
    #[must_use]
    pub fn of_observation(&self, at: Timestamp) -> Timestamp {
        (self.observed)(at)
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

    /// Returns 128 random bits for the salt of a digest.
    #[must_use]
    pub fn salt(&self) -> u128 {
        (self.salts)()
    }

    /// Returns a random time below `ceiling` ("full jitter"), so that clients that collided once do not collide again.
    #[must_use]
    pub fn jitter(&self, ceiling: Duration) -> Duration {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as random as the others")]
        let part = f64::from((self.random)() as u32) / f64::from(u32::MAX);
        ceiling.mul_f64(part)
    }
}

/// Returns 128 bits of the operating system's entropy.
fn entropy() -> u128 {
    let mut bytes = [0; 16];
    // Without entropy no id is safe to use; the operating system provides it from boot on.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    #[expect(clippy::expect_used, reason = "an environment without entropy cannot serve anybody")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    u128::from_be_bytes(bytes)
}

/// Returns the conversion of times of the system's clock.
#[cfg(not(feature = "local-clock"))]
fn observed() -> impl Fn(Timestamp) -> Timestamp + Send + Sync {
    |at| at
}

/// Returns the conversion of times of the system's clock to those of the local cloud, if this process runs in one.
#[cfg(feature = "local-clock")]
fn observed() -> impl Fn(Timestamp) -> Timestamp + Send + Sync {
    let file = std::env::var_os(local_clock::VARIABLE).map(std::path::PathBuf::from);
    move |at| file.as_ref().map_or(at, |file| local_clock::time_at(file, at))
}

/// Returns the header `Date` of an answer, if the gateway's clock is not the one of this process. Everywhere but in the
/// local cloud it is, and the gateway adds the header.
#[cfg(not(feature = "local-clock"))]
#[must_use]
pub const fn date_header() -> Option<String> {
    None
}

/// Returns the header `Date` of an answer in the local cloud, by which browsers follow its clock.
#[cfg(feature = "local-clock")]
#[must_use]
pub fn date_header() -> Option<String> {
    std::env::var_os(local_clock::VARIABLE)?;
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&Ambient::system().now()).ok()
}
