//! notifications

pub(crate) mod letters;
pub(crate) mod recipients;
pub mod suspension_letters;
