//! template.yaml, from the file in the workspace to a deployed stack.

pub(crate) mod intrinsics;
mod package;
pub(crate) mod stack;
pub mod transform;
