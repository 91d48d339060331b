//! The dependencies of the routes.

use store::Store;

/// The dependencies of the notification routes.
#[derive(Debug, Clone)]
pub struct NotificationDeps {
    /// The table.
    pub store: Store,
}
