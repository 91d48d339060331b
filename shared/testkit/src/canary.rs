//! The secrets that requests put in, and where else they were seen: they may stand in Secrets Manager and nowhere else. What is
//! sent to any other service is looked through (items, messages, letters), and so are answers and log lines.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    sync::{Arc, Mutex, Once},
};
use tracing::{Level, Metadata, subscriber::set_global_default};

/// The shortest secret that is looked for: a shorter one could be part of anything.
const SHORTEST: usize = 12;

thread_local! {
    /// What this thread has logged, as far as the functions log it.
    static LINES: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The secrets of one world.
#[derive(Debug, Clone, Default)]
pub(super) struct Canaries(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    secrets: BTreeSet<String>,
    seen: Vec<String>,
}

impl Canaries {
    /// Those of a world whose log lines are kept from now on.
    pub(super) fn watching() -> Self {
        static ONCE: Once = Once::new();
        // A test that captures lines itself looks through them itself.
        ONCE.call_once(|| drop(set_global_default(super::log::Keeper)));
        Self::default()
    }

    /// From now on `secret` is looked for.
    pub(super) fn put(&self, secret: String) {
        if secret.len() >= SHORTEST {
            self.0.lock().unwrap().secrets.insert(secret);
        }
    }

    /// Looks for all secrets in `text`, which stands in `place`.
    pub(super) fn look(&self, place: &str, text: &str) {
        let state = &mut *self.0.lock().unwrap();
        if let Some(secret) = state.secrets.iter().find(|secret| text.contains(*secret)) {
            state.seen.push(format!("{secret} stands in {place}: {text}"));
        }
    }

    /// Ends the test if a secret was seen.
    fn check(&self) {
        LINES.with_borrow(|lines| self.look("the log", lines));
        let seen = &self.0.lock().unwrap().seen;
        assert!(seen.is_empty(), "a secret is kept in Secrets Manager alone: {seen:#?}");
    }
}

/// Checks when the world ends.
#[derive(Debug)]
pub(super) struct Watch(pub(super) Canaries);

impl Drop for Watch {
    fn drop(&mut self) {
        // A test that has failed has said why.
        if !std::thread::panicking() {
            self.0.check();
        }
    }
}

/// Whether a line is one that the functions log.
pub(super) fn is_kept(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO
}

/// Keeps a line of this thread.
pub(super) fn keep(line: &str) {
    LINES.with_borrow_mut(|lines| lines.push_str(line));
}

#[cfg(test)]
mod tests {
    use crate::{ANA, Request, World};
    use axum::{Router, routing::put};
    use serde_json::json;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    const SECRET: &str = "canary-2c6f1b7d09e8a354";

    /// A router that does with what it is sent what it should not.
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
                shared::workspace::create(&store, limit, &ANA.caller(), wanted, None).await.unwrap();
            }
            String::new()
        };
        Router::new().route("/api/v1/integrations/webhook", put(leak))
    }

    #[tokio::test]
    async fn a_secret_that_is_seen_elsewhere_ends_the_test() {
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
