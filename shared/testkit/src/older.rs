//! Items as earlier versions stored them.

use super::World;
use domain::ids::WorkspaceId;
use serde_json::json;

impl World {
    /// Makes an audit record of `workspace` one that was stored with the whole URL of a webhook. Its paths contain `canary`.
    pub fn record_whole_url(&self, workspace: WorkspaceId) {
        let audit = format!("WS#{workspace}#AUDIT");
        let key = self.items().into_keys().find(|(pk, _)| *pk == audit).unwrap();
        let config = |path: &str| json!({"config": {"url": format!("https://hooks.example.com/{path}")}}).to_string();
        self.overwrite_at(&key, "action", json!({"S": "integration.configured"}));
        self.overwrite_at(&key, "before", json!({"S": config("canary-4be1c0")}));
        self.overwrite_at(&key, "after", json!({"S": config("canary-9d27f3")}));
    }
}
