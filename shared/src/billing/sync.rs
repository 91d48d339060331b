//! Updates a workspace's billing from Stripe on request.

use super::subscription::shown_to;
use domain::{bounds::budget::Budget, identity::access::Action, ids::WorkspaceId};
use identity::Caller;
use workers::billing::{BillingDeps, ComparisonCause, Error, SubscriptionView, compare_with_stripe};

/// Updates the billing of `workspace` from Stripe. The dashboard requests this after a checkout, so that customers need
/// not wait for an event.
///
/// # Errors
/// [`Error`] if the caller may not sync billing, the budget is used up, or the table or Stripe fails.
pub async fn sync_billing(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<SubscriptionView, Error> {
    let entry = with.store.enter(caller, workspace, None);
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::SyncBilling, Budget::BillingSyncs).await?;
    taken?;
    let cause = ComparisonCause::of(inside.scope.origin().clone());
    let billing = compare_with_stripe(with, &inside.scope.system(), cause).await?;
    Ok(shown_to(&inside, SubscriptionView::new(inside.plans, &billing, with.store.ambient().now())))
}
