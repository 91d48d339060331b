//! Mistakes in the file.

use std::fmt;

/// A mistake in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Number of the line, from 1.
    pub line: usize,
    /// The mistake, and what to do.
    pub message: String,
}

/// All mistakes of a file, by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Mistake { line, message } in &self.0 {
            writeln!(f, "line {line}: {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
