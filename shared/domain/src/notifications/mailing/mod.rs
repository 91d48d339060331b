//! When members are mailed of their unread notifications.

pub mod mode;
pub mod quiet_hours;
pub mod schedule;
pub mod window;
