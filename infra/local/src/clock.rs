//! Time: the hour that requests are signed with, and bounded waiting.

use jiff::Timestamp;
use std::{
    thread,
    time::{Duration, Instant},
};

/// The present, for signatures.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "signatures name the hour; nothing here is tested against a given clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Asks again and again until there is an answer, at most for `limit`. `None` when the time is up.
#[expect(clippy::disallowed_methods, reason = "waiting for other processes takes real time")]
pub fn wait_for<T, E>(limit: Duration, mut ask: impl FnMut() -> Result<Option<T>, E>) -> Result<Option<T>, E> {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask()? {
            return Ok(Some(answer));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(50));
    }
}
