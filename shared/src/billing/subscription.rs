//! The stored subscription of a workspace.

use domain::{identity::access::Action, ids::WorkspaceId};
use identity::Caller;
use store::{Authorized, Store};
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
    let inside = store.enter(caller, workspace, None).unaudited().load().await?.authorize(Action::ReadBilling)?;
    Ok(shown_to(&inside, SubscriptionView::new(inside.plans, &inside.billing, store.ambient().now())))
}

/// Returns what the caller of `inside` may see of `view`.
pub(crate) fn shown_to(inside: &Authorized<'_>, view: SubscriptionView) -> SubscriptionView {
    match inside.require(Action::ReadInvoices) {
        Ok(_) => view,
        Err(_) => view.without_pages(),
    }
}
