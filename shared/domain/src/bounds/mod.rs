//! bounds

pub mod bucket;
pub mod budget;
pub mod pace;
