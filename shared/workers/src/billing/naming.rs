//! Names of customers, which invoices show.

use super::deps::BillingDeps;
use stripe::Account;
use system_scope::SystemScope;

/// Names `customer` after the workspace if the present name is the workspace's id, as it was before the names of
/// workspaces were recorded in orders. A name that a buyer has typed is kept.
pub(super) async fn name_customer(
    with: &BillingDeps,
    account: &Account,
    scope: &SystemScope,
    customer: &str,
    present: Option<&str>,
) -> Result<(), store::Error> {
    if present != Some(scope.workspace().to_string().as_str()) {
        return Ok(());
    }
    let Some(name) = with.store.delivery_facts(scope, &[]).await?.workspace else { return Ok(()) };
    if let Err(error) = account.rename_customer(customer, &name.to_string()).await {
        // The next comparison tries again.
        tracing::warn!(reason = error.reason(), "a customer could not be named");
    }
    Ok(())
}
