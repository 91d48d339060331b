//! Records: the lines of an export, and the two sequences that they form. Nothing here knows checkpoints.

pub mod binding;
pub mod head;
pub mod line;
pub mod sequence;
pub mod unique;
