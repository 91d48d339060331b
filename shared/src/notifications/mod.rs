//! A member's own inbox: lists it, counts what is unread, marks and deletes notifications, and keeps preferences. And what
//! containers publish to members.
//!
//! None of it leaves an audit record: an inbox concerns nobody but the member, and what is published is in the inboxes.

mod change;
mod error;
mod list;
mod preferences;
mod publish;
mod view;

pub use change::{delete_notification, mark_all_read, mark_notification};
pub use error::Error;
pub use list::{InboxFilter, MAX_EXAMINED, list_notifications, read_counts};
pub use preferences::{read_preferences, set_preferences};
pub use publish::{PublishedView, publish};
pub use view::{MarkedView, PreferencesView, QuietHoursView, TypePreferenceView};
pub use workers::notifications::{InboxCountsView, NotificationView};
