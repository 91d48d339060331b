//! Compares the prices that customers see with those that Stripe charges.

use crate::{
    billing::{deps::BillingDeps, error::Error},
    payments::Payments,
};
use domain::{
    doctor::Difference,
    plans::{catalogue::Plans, price::PriceKey},
};
use platform::telemetry;

/// Returns the prices of the catalogue that Stripe does not sell, or sells for another amount.
///
/// # Errors
/// [`secrets::Error`] if the API key cannot be read, or [`stripe::Error`] if Stripe fails, converted to `E`.
pub async fn price_differences<E>(payments: &Payments, plans: Plans) -> Result<Vec<Difference>, E>
where
    E: From<secrets::Error> + From<stripe::Error>,
{
    let keys: Vec<_> = plans.sold_prices().collect();
    let charged = payments.stripe_account::<E>().await?.charged_prices(&keys).await?;
    let difference = |key: PriceKey| {
        let (shown, found) = (plans.amount_of(key), charged.iter().find(|charged| charged.key == key));
        let is_charged = found.is_some_and(|found| found.amount == shown);
        (!is_charged).then(|| Difference::price(key, shown, found.map(|found| (found.id.as_str(), found.amount))))
    };
    Ok(keys.into_iter().filter_map(difference).collect())
}

/// Reports the prices that differ to the operator.
pub(super) async fn report_differences(with: &BillingDeps) -> Result<(), Error> {
    for Difference { subject: price, recorded, found, .. } in
        price_differences::<Error>(&with.payments, with.store.plans()).await?
    {
        tracing::error!(%price, %recorded, %found, "a price at Stripe is not as customers see it; run `cargo berth plans push`");
        telemetry::emit_count("billing", "PriceDifference", 1, with.store.ambient().now());
    }
    Ok(())
}
