//! What Berth's functions have in common.
//!
//! `domain` decides, `store` and the other edges reach the outside, the use cases (`workspace`, `team`) combine them,
//! and `http` turns requests into values and values into answers. ARCHITECTURE.md has the map and the layers.

pub mod ambient;
pub mod domain;
