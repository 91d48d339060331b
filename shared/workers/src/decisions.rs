//! Attempts of a change that loses to concurrent ones and is decided again.

/// Attempts of most changes.
pub const MAX_DECISIONS: usize = 5;

/// Attempts of changes of integrations, each of which may create a secret.
pub const MAX_INTEGRATION_DECISIONS: usize = 3;

/// Attempts of changes of counters. Each lost attempt means that another caller made progress.
pub const MAX_COUNTER_DECISIONS: usize = 24;
