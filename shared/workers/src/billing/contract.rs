//! Workspaces under a contract: the offers they had before.

use super::deps::BillingDeps;
use domain::billing::{account::Billing, stripe::facts::SubscriptionAtStripe};
use platform::telemetry;
use stripe::{Account, Error, VoidOutcome};

/// Closes the open checkout pages of `customer`, withdraws changes that are not paid yet, and ends a subscription to a
/// plan that was paid on one of them. Subscriptions that are stored in `billing` are kept: the customer had them before
/// the contract.
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
    let known = |id: &String| {
        billing.subscription.as_ref().is_some_and(|paid| paid.id == *id) || billing.other_subscriptions.contains(id)
    };
    let new =
        held.iter().filter(|held| held.status.is_payable() && held.has_plan(with.store.plans()) && !known(&held.id));
    for SubscriptionAtStripe { id: subscription, .. } in new {
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

/// Withdraws changes that are not paid yet. One that is being paid stays, and is reported.
async fn withdraw_pending(with: &BillingDeps, account: &Account, held: &[SubscriptionAtStripe]) -> Result<(), Error> {
    for held in held {
        let Some(update) = &held.pending_update else { continue };
        let Some(invoice) = &update.invoice else { continue };
        match account.void_invoice(invoice).await? {
            VoidOutcome::Voided => {}
            VoidOutcome::Paid | VoidOutcome::Refused => {
                tracing::error!(
                    subscription = held.id,
                    invoice,
                    "an upgrade is being paid although the workspace has a contract; the payment must be refunded"
                );
                telemetry::emit_count("billing", "PaidUnderContract", 1, with.store.ambient().now());
            }
        }
    }
    Ok(())
}
