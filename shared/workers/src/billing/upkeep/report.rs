//! Reports to the operator about what customers pay.

use crate::billing::deps::BillingDeps;
use domain::billing::stripe::facts::CustomerAtStripe;
use platform::telemetry;

/// Reports prices that belong to no plan, and `others`, which renew although the customer has another plan.
pub(in crate::billing) fn report(with: &BillingDeps, held: &CustomerAtStripe, others: &[String]) {
    let now = with.store.ambient().now();
    for price in held.unknown_prices(with.store.plans()) {
        tracing::error!(
            price,
            "a customer pays a price that belongs to no plan; adopt it with `cargo berth plans push --adopt`"
        );
        telemetry::emit_count("billing", "UnknownPrice", 1, now);
    }
    for subscription in others {
        tracing::error!(subscription, "a customer pays for a second plan, of which only the better one counts");
        telemetry::emit_count("billing", "SecondSubscription", 1, now);
    }
}
