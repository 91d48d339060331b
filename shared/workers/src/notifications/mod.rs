//! Notifications: writes the inboxes of the members whom an event concerns, and mails what they have not read.

mod deliver;
mod mail;
mod returned;
mod view;

pub use deliver::{NoticeError, deliver_notice};
pub use mail::mail_notifications;
pub use returned::mark_member_returned;
pub use view::{InboxCountsView, NotificationView, Reader};
