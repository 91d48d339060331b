//! The secrets sent in requests, and other places in which they were found. Only Secrets Manager may hold them.
//! Requests to every other service are searched (items, messages, letters), and so are responses and log lines.

use super::capture;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

/// Shortest secret that is searched for. A shorter one could be part of any text.
const SHORTEST: usize = 12;

/// The secrets of one world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Canaries(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    secrets: BTreeSet<String>,
    seen: Vec<String>,
}

impl Canaries {
    /// Creates the canaries of a world and starts to capture log lines.
    pub(crate) fn watching() -> Self {
        capture::capture_lines();
        Self::default()
    }

    /// Starts to search for `secret`.
    pub(crate) fn put(&self, secret: String) {
        if secret.len() >= SHORTEST {
            self.0.lock().unwrap().secrets.insert(secret);
        }
    }

    /// Searches `text`, found in `place`, for all secrets.
    pub(crate) fn search(&self, place: &str, text: &str) {
        let state = &mut *self.0.lock().unwrap();
        if let Some(secret) = state.secrets.iter().find(|secret| text.contains(*secret)) {
            state.seen.push(format!("{secret} found in {place}: {text}"));
        }
    }

    /// Fails the test if a secret was found.
    fn check(&self) {
        capture::with_lines(|lines| self.search("the log", lines));
        let seen = &self.0.lock().unwrap().seen;
        assert!(seen.is_empty(), "a secret was found outside Secrets Manager: {seen:#?}");
    }
}

/// Checks the canaries when the world is dropped.
#[derive(Debug)]
pub(crate) struct Watch(pub(crate) Canaries);

impl Drop for Watch {
    fn drop(&mut self) {
        // A failed test has reported its reason.
        if !std::thread::panicking() {
            self.0.check();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{ANA, Request, World};
    use axum::{Router, routing::put};
    use serde_json::json;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    const SECRET: &str = "canary-2c6f1b7d09e8a354";

    /// A router that mishandles the secrets it receives.
    fn careless(world: &World) -> Router {
        let store = world.store();
        let leak = async move |body: String| {
            if body.contains("by-answer") {
                return body;
            }
            if body.contains("by-log") {
                tracing::info!(body, "taken");
            }
            if body.contains("by-table") {
                let name = body.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', " ");
                let name = name.trim().chars().take(90).collect::<String>().parse().unwrap();
                let wanted = (name, domain::text::Timezone::default());
                let limit = domain::workspace::allowance::FreeWorkspaceLimit(1);
                shared::workspace::create_workspace(&store, limit, &ANA.caller(), wanted, None).await.unwrap();
            }
            String::new()
        };
        Router::new().route("/api/v1/integrations/webhook", put(leak))
    }

    #[tokio::test]
    async fn secret_found_elsewhere_fails_the_test() {
        for (how, ends) in [("nowhere", false), ("by-answer", true), ("by-log", true), ("by-table", true)] {
            let world = World::default();
            let secret = format!("{SECRET}-{how}");
            let request = Request::new("PUT", "/integrations/webhook").json(json!({ "secret": secret }));
            world.send(&careless(&world), request).await;
            let ended = catch_unwind(AssertUnwindSafe(|| drop(world))).is_err();
            assert_eq!(ended, ends, "{how}");
        }
    }
}
