//! Checkpoints: their files, their signatures, and the comparison with an export. Nothing here knows how records are linked.

pub mod agreement;
pub mod file;
pub mod key;
pub mod signed;
