//! The nightly comparison with Stripe: whatever events were lost, every workspace is what Stripe says it is by the morning.
//!
//! It queues hints, and stripe-events does the rest. It is moved on a page at a time, so that a process which ends anywhere
//! repeats a page at most.

use super::{deps::Charging, error::Error};
use domain::billing::comparison::Part;
use jiff::SignedDuration;
use queue::StripeEvents;
use store::billing::comparison::UnderWay;

/// How many pages are gone through in one call: some seconds.
const PAGES: usize = 20;

/// How far back events are looked for: Stripe tries for three days.
/// <https://docs.stripe.com/webhooks#retries>
const BACK: SignedDuration = SignedDuration::from_hours(4 * 24);

/// Goes on with a comparison for some pages.
///
/// # Errors
/// [`Error`]; it goes on from where it was.
pub async fn go_on(with: &Charging, queue: &StripeEvents, under_way: &UnderWay) -> Result<(), Error> {
    let mut at = under_way.clone();
    for _ in 0..PAGES {
        let (comparison, account) = (&at.comparison, with.payments.account::<Error>().await?);
        let after = comparison.after.as_deref();
        let (hints, last) = match comparison.part {
            Part::Events => {
                let since = comparison.begun_at.saturating_sub(BACK).unwrap_or(comparison.begun_at);
                let page = account.undelivered(since, after).await?;
                (page.items, page.last)
            }
            Part::Customers => {
                let page = account.customers(after).await?;
                (page.items.iter().map(|customer| comparison.hint(customer)).collect(), page.last)
            }
        };
        for hint in &hints {
            queue.send(hint).await?;
        }
        match with.store.move_comparison(&at, comparison.behind(last)).await? {
            Some(next) => at = next,
            None => return Ok(()),
        }
    }
    Ok(())
}
