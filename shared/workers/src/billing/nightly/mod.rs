//! The nightly comparison with Stripe. It corrects every workspace for which events were lost.
//!
//! It queues hints, which the function `stripe-events` handles. Progress is stored after each page, so a process that
//! crashes repeats one page at most.

mod prices;

pub use prices::price_differences;

use super::{deps::BillingDeps, error::Error};
use domain::billing::comparison::ComparisonPart;
use jiff::SignedDuration;
use prices::report_differences;
use queue::StripeEvents;
use store::billing::comparison::NightlyComparison;

/// Pages per call; they take a few seconds.
const PAGES: usize = 20;

/// Age of the oldest events to list. Stripe retries for three days.
/// <https://docs.stripe.com/webhooks#retries>
const BACK: SignedDuration = SignedDuration::from_hours(4 * 24);

/// Continues a comparison for some pages, which takes a few seconds.
///
/// # Errors
/// [`Error`] if the table, the queue or Stripe fails; the next call continues from the stored position.
pub async fn queue_nightly_comparison(
    with: &BillingDeps,
    queue: &StripeEvents,
    under_way: &NightlyComparison,
) -> Result<(), Error> {
    let mut at = under_way.clone();
    for _ in 0..PAGES {
        let (comparison, account) = (&at.comparison, with.payments.stripe_account::<Error>().await?);
        let after = comparison.after.as_deref();
        let (hints, last) = match comparison.part {
            ComparisonPart::Events => {
                let since = comparison.begun_at.saturating_sub(BACK).unwrap_or(comparison.begun_at);
                let page = account.undelivered_events(since, after).await?;
                (page.items, page.last)
            }
            ComparisonPart::Customers => {
                let page = account.customers(after).await?;
                (page.items.iter().map(|customer| comparison.hint(customer)).collect(), page.last)
            }
            ComparisonPart::Prices => {
                // The next night compares them again; a failure must not keep that from beginning.
                if let Err(error) = report_differences(with).await {
                    tracing::warn!(%error, "the prices could not be compared with Stripe");
                }
                (Vec::new(), None)
            }
        };
        for hint in &hints {
            queue.send(hint).await?;
        }
        match with.store.move_comparison(&at, comparison.advanced_past(last)).await? {
            Some(next) => at = next,
            None => return Ok(()),
        }
    }
    Ok(())
}
