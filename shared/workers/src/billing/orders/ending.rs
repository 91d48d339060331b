//! The end of subscriptions that give nothing until a payment is made.

use super::OrderRequest;
use domain::billing::intent::CallStep;
use stripe::{EndKeys, Error, UnpaidEnd};

/// Ends `subscription`, unless it was paid or a payment is on its way.
pub(super) async fn end_unpaid(
    OrderRequest { account, scope, intent, .. }: &OrderRequest<'_>,
    subscription: &str,
) -> Result<UnpaidEnd, Error> {
    let [void, release, end] = [CallStep::Void, CallStep::Release, CallStep::End]
        .map(|step| format!("{}-{subscription}", intent.key(scope.workspace(), step)));
    account.end_unpaid(subscription, EndKeys { void: &void, release: &release, end: &end }).await
}
