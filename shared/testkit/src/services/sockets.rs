//! The stand-in for API Gateway's connections: those that tests open, and the messages to their clients.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html>

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All connections.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: BTreeMap<String, Vec<Value>>,
    /// Number of messages to connections that had ended.
    gone: u32,
}

impl Connections {
    pub(crate) fn open(&mut self, id: &str) {
        self.open.insert(id.to_owned(), Vec::new());
    }

    /// Ends a connection, as a reset does: no function is called. Returns false if it had ended.
    pub(crate) fn reset(&mut self, id: &str) -> bool {
        self.open.remove(id).is_some()
    }

    /// Takes the messages to the client of a connection since the last call; `None` if it has ended.
    pub(crate) fn take(&mut self, id: &str) -> Option<Vec<Value>> {
        self.open.get_mut(id).map(std::mem::take)
    }

    pub(crate) const fn take_gone(&mut self) -> u32 {
        std::mem::replace(&mut self.gone, 0)
    }

    /// Answers a call for the connection in `path`.
    pub(crate) fn call(&mut self, operation: &str, path: &str, body: Value) -> (u16, String) {
        let id = path.rsplit('/').next().unwrap_or_default().replace("%3D", "=");
        match (operation, self.open.get_mut(&id)) {
            ("PostToConnection", Some(messages)) => {
                messages.push(body);
                (200, String::new())
            }
            ("DeleteConnection", Some(_)) => {
                self.open.remove(&id);
                (204, String::new())
            }
            (_, None) => {
                self.gone += 1;
                (410, json!({"__type": "GoneException", "message": null}).to_string())
            }
            (other, Some(_)) => panic!("connections have no call {other}"),
        }
    }
}
