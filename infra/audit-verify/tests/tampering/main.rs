//! Each manipulation that docs/audit-format.md lists, and what the two programs find: `audit-verify`, and `verify.py`, which
//! was written from that page alone. The exports are written here, from the page as well.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failure in a test must end it")]

mod before;
mod checkpoints;
mod expiry;
mod export;
mod files;
mod flips;
mod records;
mod run;
mod sign;
