//! Verifies exports of the audit log, as docs/audit-format.md describes. It depends on no other crate of Berth.
//!
//! Layers, each of which depends on the previous ones only: `digest` and `window`, `record::line` (a line by itself),
//! `problem` and `report`, `record` (sequences of lines), `checkpoint`, `verifier`, and `args` (the command line). An export
//! is read line by line, so it may have any size; checkpoints are kept in memory.

pub mod args;
pub mod checkpoint;
pub mod digest;
pub mod problem;
pub mod record;
pub mod report;
pub mod verifier;
pub mod window;
