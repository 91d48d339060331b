//! Rules of the operator's console.

pub mod dead_letters;
