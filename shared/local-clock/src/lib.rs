//! The clock of the local cloud: a file with its moves. The stand-in for Stripe writes it; functions and the stand-ins for
//! receivers read it. Deployed functions are built without this crate. It must not know why the clock is moved.

use jiff::{SignedDuration, Timestamp};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Environment variable of functions that names the file. Only the emulator of the local cloud sets it.
pub const VARIABLE: &str = "DEVELOPMENT_ONLY_CLOCK_FILE";

/// All moves of a clock, oldest first. With them, a past time of the system's clock has the same time on the moved clock
/// at any later moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves(Vec<Move>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    /// Time of the move on the system's clock.
    at: Timestamp,
    /// Distance of the moved clock ahead of the system's since then.
    ahead: SignedDuration,
}

impl Moves {
    /// Reads the file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or is not a list of moves.
    pub fn read(file: &Path) -> io::Result<Self> {
        Self::parse(&fs::read_to_string(file)?).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Replaces the file. A concurrent reader sees the previous or the new content.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let lines = self.0.iter().map(|each| format!("{} {}\n", each.at.as_millisecond(), each.ahead.as_millis()));
        let mut next = file.as_os_str().to_owned();
        next.push(".next");
        let next = PathBuf::from(next);
        fs::write(&next, lines.collect::<String>())?;
        fs::rename(next, file)
    }

    fn parse(text: &str) -> Option<Self> {
        let parse = |line: &str| {
            let (at, ahead) = line.split_once(' ')?;
            let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
            Some(Move { at, ahead: SignedDuration::from_millis(ahead.parse().ok()?) })
        };
        text.lines().map(parse).collect::<Option<_>>().map(Self)
    }

    /// Moves the clock ahead by `by` when the system's clock shows `at`.
    pub fn advance(&mut self, at: Timestamp, by: SignedDuration) {
        let last = self.0.last();
        let ahead = last.map_or(SignedDuration::ZERO, |last| last.ahead).saturating_add(by);
        self.0.push(Move { at: last.map_or(at, |last| at.max(last.at)), ahead });
    }

    /// Returns the time on the moved clock when the system's clock shows, or showed, `at`.
    #[must_use]
    pub fn time_at(&self, at: Timestamp) -> Timestamp {
        let in_force = self.0.iter().rfind(|each| each.at <= at);
        in_force.map_or(at, |each| at.saturating_add(each.ahead).unwrap_or(at))
    }
}

/// Returns the time on the clock of `file` when the system's clock shows, or showed, `at`. A clock without a readable file
/// was not moved.
#[must_use]
pub fn time_at(file: &Path, at: Timestamp) -> Timestamp {
    Moves::read(file).unwrap_or_default().time_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + DAY * i32::try_from(day).unwrap()
    }

    fn moved(moves: &[(i64, i32)]) -> Moves {
        let mut clock = Moves::default();
        for (day, by) in moves {
            clock.advance(at(*day), DAY * *by);
        }
        clock
    }

    #[test]
    fn past_times_keep_their_place_after_a_move() {
        let clock = moved(&[(1, 30), (2, 365)]);
        assert_eq!([0, 1, 2, 9].map(|day| clock.time_at(at(day))), [at(0), at(31), at(397), at(404)]);
        assert_eq!(Moves::default().time_at(at(7)), at(7));
    }

    #[test]
    fn system_clock_set_back_undoes_no_move() {
        let clock = moved(&[(5, 1), (3, 1)]);
        assert_eq!([4, 5, 6].map(|day| clock.time_at(at(day))), [at(4), at(7), at(8)]);
    }

    #[test]
    fn file_keeps_every_move() {
        let folder = std::env::temp_dir().join(format!("local-clock-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("clock");
        assert_eq!(time_at(&file, at(1)), at(1));
        for clock in [moved(&[]), moved(&[(1, 30)]), moved(&[(1, 30), (2, 365)])] {
            clock.write(&file).unwrap();
            assert_eq!(Moves::read(&file).unwrap(), clock);
        }
        assert_eq!(time_at(&file, at(1)), at(31));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no other file is left");
        fs::write(&file, "soon\n").unwrap();
        assert_eq!(Moves::read(&file).unwrap_err().kind(), io::ErrorKind::InvalidData);
        fs::remove_dir_all(folder).unwrap();
    }
}
