//! Letters: those that wait, the recipients' limits and wishes, and letters about suspensions.

pub(crate) mod letters;
pub(crate) mod recipients;
pub mod suspension_letters;
