//! Dependencies of live connections.

use domain::{ids::WorkspaceId, live::connection::Connection};
use sockets::Sockets;
use store::Store;
use system_scope::SystemScope;

/// Dependencies of everything that reaches the clients of connections.
#[derive(Debug, Clone)]
pub struct LiveDeps {
    /// The table.
    pub store: Store,
    /// The connections at API Gateway.
    pub sockets: Sockets,
}

impl LiveDeps {
    /// Ends a connection and forgets it. Failures are logged: its item is due, and its next message fails.
    pub(super) async fn end(&self, workspace: WorkspaceId, connection: &Connection) {
        let scope = SystemScope::of(workspace);
        let (closed, forgotten) =
            tokio::join!(self.sockets.close(&connection.id), self.store.close_connection(&scope, connection));
        if let Err(error) = closed {
            tracing::warn!(%error, %workspace, "a live connection was not ended");
        }
        if let Err(error) = forgotten {
            tracing::warn!(%error, %workspace, "a live connection was not forgotten");
        }
    }
}
