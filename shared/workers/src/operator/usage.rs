//! Returns usage that a workspace should not be charged for. Members can return usage of a monthly meter for 15
//! minutes; later, only the operator can.

use super::{actor::ActingOperator, error::Error};
use crate::decisions::{MAX_COUNTER_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    ids::WorkspaceId,
    usage::{MovementDecision, UsageCommand, UsageError, day_of, release, span},
};
use store::{self, Change, Store, operator::WorkspaceFacts, usage::DealOfDay};

/// Returns the usage in `command` to `workspace`, in the current month. A repeated key has no further effect.
///
/// # Errors
/// [`Error`] if the workspace does not exist, the meter cannot be lowered by this amount, the key was used for another
/// command, or the table fails.
pub async fn return_usage(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    command: &UsageCommand,
) -> Result<(), Error> {
    let scope = operator.scope(workspace);
    let (acting, meter) = (scope.scope(), command.movement.meter);
    decide_again(MAX_COUNTER_DECISIONS, Error::is_lost, store::Error::Contended, || async {
        let now = store.ambient().now();
        let WorkspaceFacts { workspace, billing, .. } = store.workspace_facts(&scope).await?;
        let head = workspace.filter(|workspace| workspace.live).ok_or(Error::NoWorkspace)?;
        let span = span(meter, now, &billing, head.created_at);
        let (shards, recorded) =
            tokio::try_join!(store.shards(&acting, span, meter), store.returned_under(&acting, &command.key))?;
        match recorded {
            Some(recorded) if recorded.is_of(command.movement, command.consumption.as_ref()) => return Ok(()),
            Some(_) => return Err(UsageError::KeyReused.into()),
            None => {}
        }
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as random as the others")]
        let turn = store.ambient().random() as u64;
        match release(meter, &shards, command.movement.amount, day_of(now), turn) {
            MovementDecision::Move { deal, parts, leaves: _, day } => {
                let entry = Entry::usage_returned(scope.by(), command);
                let mut change = Change::<Error>::begin(store, &acting, entry, now)?;
                change.require_live(Error::NoWorkspace);
                change.return_usage(command, span, DealOfDay { deal, day }, &parts, || Error::ChangedMeanwhile, now)?;
                change.commit(None, (), now).await.map(drop)
            }
            MovementDecision::Refuse(error) => {
                let consistent = store.shards_are_consistent(&acting, span, meter, &shards).await?;
                Err(if consistent { error.into() } else { Error::ChangedMeanwhile })
            }
            MovementDecision::Deal { .. } | MovementDecision::ReadAgain => Err(Error::ChangedMeanwhile),
        }
    })
    .await
}
