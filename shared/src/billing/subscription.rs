//! The stored subscription of a workspace.

use domain::{identity::access::Action, ids::WorkspaceId};
use identity::Caller;
use store::Store;
use workers::billing::{Error, SubscriptionView};

/// Returns the stored subscription of `workspace`.
///
/// # Errors
/// [`Error`] if the caller may not read billing or the table fails.
pub async fn read_subscription(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<SubscriptionView, Error> {
    let inside = store.enter(caller, workspace, None).load().await?.authorize(Action::ReadBilling)?;
    Ok(SubscriptionView::new(&inside.billing, store.ambient().now()))
}
