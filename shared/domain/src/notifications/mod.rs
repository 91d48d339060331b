//! Notifications: the inbox of each member, and e-mails with their recipients, unsubscribe links, and names that they must
//! omit.

pub mod happening;
pub mod inbox;
pub mod letter_link;
pub mod mailing;
pub mod notification;
pub mod preferences;
pub mod published;
pub mod recipient;
pub mod row;
pub mod shelf;
mod texts;
pub mod week;
