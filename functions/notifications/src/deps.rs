//! The dependencies of the routes.

use secrets::LiveKey;
use store::Store;
use workers::live::LiveDeps;

/// The dependencies of the notification routes.
#[derive(Debug, Clone)]
pub struct NotificationDeps {
    /// The table.
    pub store: Store,
    /// Live connections, to which changes of the inbox are pushed.
    pub live: LiveDeps,
    /// The key of tickets.
    pub key: LiveKey,
    /// Address of the WebSocket.
    pub url: String,
}
