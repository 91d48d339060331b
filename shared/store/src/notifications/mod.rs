//! Letters: the deferred ones, the recipients' limits and preferences, and letters about suspensions.

pub(crate) mod letters;
pub(crate) mod recipients;
pub mod sent_letters;
