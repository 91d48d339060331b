//! Notifications: writes the inboxes of the members whom an event concerns.

mod deliver;

pub use deliver::{NoticeError, deliver_notice};
