//! Inboxes of members with what is published to them, and letters: the deferred ones, the recipients' limits, and letters
//! about suspensions.

pub mod inboxes;
pub(crate) mod items;
pub(crate) mod letters;
pub mod notices;
pub(crate) mod preferences;
pub mod published;
pub(crate) mod recipients;
pub mod returned_letters;
pub mod sent_letters;
pub mod windows;
