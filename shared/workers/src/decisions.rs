//! How often a change is decided again when another one came first.

/// For most changes.
pub const DECISIONS: usize = 5;

/// For changes of integrations, each of which may have made a secret.
pub const OF_INTEGRATIONS: usize = 3;

/// For counting: each time, somebody else got something done.
pub const OF_COUNTERS: usize = 24;
