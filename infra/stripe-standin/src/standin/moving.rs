//! Moves of the clock: of the stand-in alone, or of the local cloud that it is part of.

use super::Standin;
use crate::cloud_clock::{CloudClock, MoveFailed};
use jiff::{SignedDuration, Timestamp};

impl Standin {
    /// Moves the clock forward. In a local cloud, moves the cloud's clock too, sends the events that are due, and does
    /// what has become due in the cloud. A move is completed even if the client disconnects.
    pub(crate) async fn move_clock(&self, by: SignedDuration) -> Result<(), MoveFailed> {
        let Some(clock) = self.shared.cloud_clock.clone() else {
            self.advance(by);
            return Ok(());
        };
        let standin = self.clone();
        let moved = tokio::spawn(async move { standin.move_cloud(clock, by).await });
        moved.await.unwrap_or_else(|error| Err(MoveFailed::Unsettled(error.to_string())))
    }

    async fn move_cloud(&self, clock: CloudClock, by: SignedDuration) -> Result<(), MoveFailed> {
        let _moving = self.shared.moving.lock().await;
        {
            // An event must not be signed while the two clocks differ.
            let _sending = self.shared.sending.lock().await;
            let at = self.next_second().await;
            clock.record(at, by)?;
            self.advance(by);
        }
        self.deliver(self.now()).await;
        let ran = tokio::task::spawn_blocking(move || clock.run_after_move()).await;
        ran.unwrap_or_else(|error| Err(MoveFailed::Unsettled(error.to_string())))
    }

    /// Waits for the next whole second of the system's clock, and returns it. The emulator cuts the times of tasks to whole
    /// seconds: after a move within a second, a task that started in the rest of it would seem to have started before.
    async fn next_second(&self) -> Timestamp {
        let now = (self.shared.wall)();
        let passed = SignedDuration::from_nanos(i64::from(now.subsec_nanosecond()));
        if passed.is_zero() {
            return now;
        }
        let rest = SignedDuration::from_secs(1) - passed;
        tokio::time::sleep(rest.unsigned_abs()).await;
        now + rest
    }
}
