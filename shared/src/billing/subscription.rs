//! The subscription of a workspace, as it is stored.

use domain::{identity::access::Action, ids::WorkspaceId};
use identity::Caller;
use store::Store;
use workers::billing::{Error, SubscriptionView};

/// What `workspace` pays for.
///
/// # Errors
/// [`Error`].
pub async fn subscription(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<SubscriptionView, Error> {
    let inside = store.enter(caller, workspace, None).read().await?.as_member(Action::ReadBilling)?;
    Ok(SubscriptionView::new(&inside.billing, store.ambient().now()))
}
