//! Attempts of a change that loses to concurrent ones and is decided again.

/// Attempts of most changes.
pub const DECISIONS: usize = 5;

/// Attempts of changes of integrations, each of which may create a secret.
pub const OF_INTEGRATIONS: usize = 3;

/// Attempts of changes of counters. Each lost attempt means that another caller made progress.
pub const OF_COUNTERS: usize = 24;
