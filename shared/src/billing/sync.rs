//! Bringing a workspace's billing to what Stripe holds, when a member asks.

use domain::{bounds::budget::Budget, identity::access::Action, ids::WorkspaceId};
use identity::Caller;
use workers::billing::{Cause, Charging, Error, SubscriptionView, compare};

/// Brings `workspace` to what Stripe says now: the page after checkout asks for it, so that nobody waits for an event.
///
/// # Errors
/// [`Error`].
pub async fn sync(with: &Charging, caller: &Caller, workspace: WorkspaceId) -> Result<SubscriptionView, Error> {
    let entry = with.store.enter(caller, workspace, None);
    let (inside, taken) = entry.taking::<Error>(Action::SyncBilling, Budget::BillingSyncs).await?;
    taken?;
    let cause = Cause::of(inside.scope.origin().clone());
    let billing = compare(with, &inside.scope.system(), cause).await?;
    Ok(SubscriptionView::new(&billing, with.store.ambient().now()))
}
