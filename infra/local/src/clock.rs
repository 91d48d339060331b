//! Time for signatures, waiting with a limit, and the file of the cloud's clock.

use jiff::Timestamp;
use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// Returns the current time, for signatures.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "signatures contain the current time, and no test here needs a given clock"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns the file with the moves of the cloud's clock. It begins without moves, as the emulator begins empty.
pub(crate) fn clock_file(state: &Path) -> PathBuf {
    state.join("scratch/clock")
}

/// Polls `ask` until it returns a value, for at most `limit`. Returns `None` when the time is up.
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
