//! Compares the prices that customers see with those that Stripe charges.

use crate::{
    billing::{deps::BillingDeps, error::Error},
    payments::Payments,
};
use domain::{
    doctor::Difference,
    plans::{catalogue::Plans, price::PriceName},
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
    let names: Vec<_> = plans.price_names().collect();
    let charged = payments.stripe_account::<E>().await?.charged_prices(&names).await?;
    let difference = |name: PriceName| {
        let (shown, found) = (plans.amount(name), charged.iter().find(|charged| charged.name == name));
        let is_charged = found.is_some_and(|found| found.amount == shown);
        (!is_charged).then(|| Difference::price(name, shown, found.map(|found| (found.id.as_str(), found.amount))))
    };
    Ok(names.into_iter().filter_map(difference).collect())
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
