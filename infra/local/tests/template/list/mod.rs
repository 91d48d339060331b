//! The list of functions, and the files that are generated from it.

mod assembled;
mod fragments;

pub(crate) use fragments::{FUNCTIONS, Fragment};
