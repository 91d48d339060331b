//! Workspaces under a contract: the offers they had before.

use super::deps::BillingDeps;
use domain::billing::{account::Billing, stripe::facts::SubscriptionAtStripe};
use platform::telemetry;
use stripe::{Account, Error};

/// Closes the open checkout pages of `customer`, withdraws changes that are not paid yet, and ends a subscription that was paid on one of them. A subscription
/// that is stored in `billing` is kept: the customer had it before the contract.
pub(super) async fn end_offers(
    with: &BillingDeps,
    account: &Account,
    billing: &Billing,
    customer: &str,
) -> Result<(), Error> {
    // Pages are closed first, so that one that is paid in the meantime is found as a subscription.
    for session in account.open_sessions(customer).await? {
        account.expire_session(&session.id).await?;
    }
    let held = account.subscriptions(customer).await?;
    withdraw_pending(with, account, &held).await?;
    if billing.subscription.as_ref().is_some_and(|subscription| subscription.is_payable()) {
        return Ok(());
    }
    let paid: Vec<String> = held.into_iter().filter(|held| held.status.is_payable()).map(|held| held.id).collect();
    for subscription in &paid {
        tracing::error!(
            customer,
            subscription,
            "a plan was paid although the workspace has a contract; it is cancelled, and the payment must be refunded"
        );
        telemetry::emit_count("billing", "PaidUnderContract", 1, with.store.ambient().now());
        account.cancel_now(subscription, &format!("{subscription}-contract")).await?;
    }
    Ok(())
}

/// Withdraws changes that are not paid yet. One that is paid at this moment stays, and is reported.
async fn withdraw_pending(with: &BillingDeps, account: &Account, held: &[SubscriptionAtStripe]) -> Result<(), Error> {
    for held in held {
        let Some(update) = &held.pending_update else { continue };
        let Some(invoice) = &update.invoice else { continue };
        if account.withdraw_change(invoice, &format!("{invoice}-contract")).await? {
            continue;
        }
        let present = account.current_subscription(&held.id).await?;
        let paid = |price: &String| present.items.iter().any(|item| item.price == *price);
        if update.prices.iter().all(paid) {
            tracing::error!(
                subscription = held.id,
                invoice,
                "an upgrade was paid although the workspace has a contract; the payment must be refunded"
            );
            telemetry::emit_count("billing", "PaidUnderContract", 1, with.store.ambient().now());
        }
    }
    Ok(())
}
