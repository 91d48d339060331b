//! The charge that Stripe would make for a change of a subscription.

use domain::billing::{account::Billing, intent::PlanChange, order::OrderError, stripe::facts::PricedItem};
use store::Scope;
use stripe::PendingUpdates;
use workers::billing::{BillingDeps, ComparisonCause, Error, OrderedItems, compare_with_stripe, explain_absence};

/// Time and amount of the charge for a change.
pub(super) enum Charge {
    /// This amount is charged immediately, in the currency's minor unit.
    Now(i64),
    /// The change is charged when the period ends, because of the payment method.
    AtRenewal,
}

/// Returns the charge that Stripe would make for `change`, which is to be made now. A change that is pending is charged as
/// its invoice says.
pub(super) async fn charge(
    with: &BillingDeps,
    scope: &Scope,
    billing: &Billing,
    change: Option<&PlanChange>,
) -> Result<Charge, Error> {
    let Some(change) = change else { return Ok(Charge::Now(0)) };
    let (account, plans) = (with.payments.stripe_account::<Error>().await?, with.store.plans());
    let cause = ComparisonCause::of(scope.origin().clone());
    let asked = async {
        let (present, ordered) =
            tokio::join!(account.current_subscription(&change.subscription), OrderedItems::of(&account, plans, change));
        let (present, Some(ordered)) = (present?, ordered) else { return Ok(Some(Charge::Now(0))) };
        if !present.lives {
            return Ok(None);
        }
        if let Some(pending) = &present.pending
            && ordered.is_reached(plans, pending.items.iter().map(PricedItem::parts))
        {
            return Ok(Some(Charge::Now(pending.amount_due)));
        }
        let wanted = ordered.wanted(plans, &present)?;
        if account.pending_updates(&change.subscription).await? == PendingUpdates::Unsupported {
            return Ok(Some(Charge::AtRenewal));
        }
        if present.plan_item(plans).is_none() {
            return Ok(Some(Charge::Now(0)));
        }
        account.preview_changes(&present, &present.changes(plans, &wanted)).await.map(Charge::Now).map(Some)
    };
    match asked.await {
        Ok(Some(charge)) => Ok(charge),
        Ok(None) => {
            // The stored subscription was outdated.
            compare_with_stripe(with, &scope.system(), cause).await?;
            Err(OrderError::NotSubscribed.into())
        }
        Err(stripe::Error::Refused(_)) => {
            let differs = match billing.customer.as_deref().zip(change.currency()) {
                Some((customer, currency)) => account.currency_differs(customer, currency).await?,
                None => false,
            };
            Err(if differs { OrderError::CurrencyMismatch } else { OrderError::Refused }.into())
        }
        Err(error) => {
            let error = explain_absence(with, &scope.system(), &cause, error).await;
            // The customer and the subscription exist, so the price does not.
            let price_unknown = matches!(error, Error::Stripe(stripe::Error::Absent(_)));
            Err(if price_unknown { OrderError::PriceUnknown.into() } else { error })
        }
    }
}
