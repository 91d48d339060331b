//! The clock of the local cloud, which moves with the stand-in's: its file, and the program that is run after a move. It does
//! not know that program.

use jiff::{SignedDuration, Timestamp};
use local_clock::Moves;
use std::{ffi::OsString, io, path::PathBuf, process::Command};
use thiserror::Error;

/// Clock of a local cloud.
#[derive(Clone, Debug)]
pub struct CloudClock {
    /// File in which the moves are recorded. The cloud reads its time from it.
    pub file: PathBuf,
    /// Program that does what has become due, and its arguments; empty for none. A move ends when the program ends.
    pub after_move: Vec<OsString>,
}

/// Reason why a move of the cloud's clock failed.
#[derive(Debug, Error)]
pub enum MoveFailed {
    /// The file could not be written. No clock was moved.
    #[error("the clock was not moved, because {} could not be written: {source}", file.display())]
    Unrecorded {
        /// The file.
        file: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The program did not succeed.
    #[error("the clock was moved, but what became due was not done: {0}")]
    Unsettled(String),
}

impl CloudClock {
    /// Writes a file without moves.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn reset(&self) -> io::Result<()> {
        Moves::default().write(&self.file)
    }

    /// Records a move by `by` when the system's clock shows `at`.
    pub(crate) fn record(&self, at: Timestamp, by: SignedDuration) -> Result<(), MoveFailed> {
        let unrecorded = |source| MoveFailed::Unrecorded { file: self.file.clone(), source };
        let mut moves = Moves::read(&self.file).map_err(unrecorded)?;
        moves.advance(at, by);
        moves.write(&self.file).map_err(unrecorded)
    }

    /// Runs the program, and waits until it ends.
    pub(crate) fn run_after_move(&self) -> Result<(), MoveFailed> {
        let Some((program, arguments)) = self.after_move.split_first() else { return Ok(()) };
        let ended = Command::new(program).args(arguments).output();
        let ended = ended.map_err(|error| MoveFailed::Unsettled(format!("{}: {error}", program.display())))?;
        if ended.status.success() {
            return Ok(());
        }
        Err(MoveFailed::Unsettled(String::from_utf8_lossy(&ended.stderr).trim().to_owned()))
    }
}
