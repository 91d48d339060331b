//! Takes checkpoints of audit logs: one signature for a batch of workspaces, one object in the bucket, and one item for each.
//!
//! A process that ends after any step leaves the logs due, so the next minute takes their checkpoints again. A signature
//! without items, or an object without items, says nothing wrong.

use domain::{
    audit::{
        chain::Head,
        checkpoint::{Checkpoint, Statement, Tree},
    },
    ids::WorkspaceId,
};
use futures::future::join_all;
use jiff::Timestamp;
use notary::Notary;
use serde_json::json;
use store::{Store, audit::LogState};
use system_scope::SystemScope;

/// Number of checkpoints that one signature covers.
const BATCH: usize = 100;

/// The results of checkpoints, as numbers of workspaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckpointSummary {
    /// Checkpoints that were stored.
    pub taken: u64,
    /// Logs without one, which are due again in the next minute.
    pub failed: u64,
}

struct Stated {
    scope: SystemScope,
    head: Head,
    text: String,
}

/// Takes a checkpoint of the log of each of `workspaces`, and begins no batch after `until`: those that are left count as failed.
pub async fn take_checkpoints(
    store: &Store,
    notary: &Notary,
    workspaces: &[WorkspaceId],
    until: Timestamp,
) -> CheckpointSummary {
    let mut summary = CheckpointSummary::default();
    for batch in workspaces.chunks(BATCH) {
        let is_late = store.ambient().now() >= until;
        let CheckpointSummary { taken, failed } = if is_late {
            CheckpointSummary { taken: 0, failed: count(batch.len()) }
        } else {
            take_batch(store, notary, batch).await
        };
        summary = CheckpointSummary { taken: summary.taken + taken, failed: summary.failed + failed };
    }
    summary
}

async fn take_batch(store: &Store, notary: &Notary, workspaces: &[WorkspaceId]) -> CheckpointSummary {
    let now = store.ambient().now();
    let states = join_all(workspaces.iter().map(|workspace| state(store, *workspace, now))).await;
    let mut failed = 0;
    let mut stated = Vec::new();
    for state in states {
        match state {
            Ok(found) => stated.extend(found),
            Err(error) => {
                failed += 1;
                tracing::warn!(error = %error, "the end of an audit log could not be read");
            }
        }
    }
    if stated.is_empty() {
        return CheckpointSummary { taken: 0, failed };
    }
    let signed = match sign(store, notary, &stated, now).await {
        Ok(signed) => signed,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(error = %error, cause, "checkpoints are taken again in the next minute");
            return CheckpointSummary { taken: 0, failed: failed + count(stated.len()) };
        }
    };
    let stored = stated.iter().enumerate().map(|(position, stated)| {
        let checkpoint = Checkpoint {
            text: stated.text.clone(),
            proof: signed.tree.proof(position),
            batch: signed.batch.clone(),
            signature: signed.signature.clone(),
        };
        async move { store.store_checkpoint(&stated.scope, &stated.head, &checkpoint, now).await }
    });
    let stored = join_all(stored).await;
    let missed = stored.iter().filter(|result| result.is_err()).count();
    CheckpointSummary { taken: count(stored.len() - missed), failed: failed + count(missed) }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

async fn state(store: &Store, workspace: WorkspaceId, now: Timestamp) -> Result<Option<Stated>, store::Error> {
    let scope = SystemScope::of(workspace);
    let Some(LogState { head, begins }) = store.log_state(&scope, now).await? else { return Ok(None) };
    let text = Statement::new(workspace, &head.end, now, begins).text();
    Ok(Some(Stated { scope, head, text }))
}

struct SignedBatch {
    tree: Tree,
    batch: String,
    signature: String,
}

/// Signs the root of all texts, and keeps the signature in the bucket.
async fn sign(store: &Store, notary: &Notary, stated: &[Stated], now: Timestamp) -> Result<SignedBatch, notary::Error> {
    let texts: Vec<_> = stated.iter().map(|stated| stated.text.clone()).collect();
    let tree = Tree::new(&texts);
    let batch = tree.batch(notary.key(), now);
    let signature = notary.sign(&batch).await?.signature;
    let object = json!({"batch": batch, "signature": signature, "leaves": tree.leaves()}).to_string();
    let day = now.strftime("%Y/%m/%d");
    let name = format!("checkpoints/{day}/{}-{:032x}.json", now.as_millisecond(), store.ambient().random());
    notary.keep(&name, object).await?;
    Ok(SignedBatch { tree, batch, signature })
}
