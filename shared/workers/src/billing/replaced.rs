//! Scheduled changes and cancellations that an upgrade replaces once it is paid.

use domain::billing::{
    account::Billing,
    pending::ReplacedChange,
    stripe::{facts::CustomerAtStripe, replacement::Replacement},
};
use jiff::Timestamp;
use stripe::{Account, Error, PendingCancellation};

/// Withdraws what an upgrade of `billing` has replaced, if the upgrade is in force in `held`. Returns the customer as it is
/// then, and the record if it is still needed: the upgrade is not paid, or Stripe has failed and is asked again.
pub(super) async fn withdraw_replaced(
    account: &Account,
    billing: &Billing,
    held: CustomerAtStripe,
    customer: &str,
    now: Timestamp,
) -> Result<(CustomerAtStripe, Option<ReplacedChange>), Error> {
    let Some(replaced) = &billing.replaced else { return Ok((held, None)) };
    let (schedule, cancellation) = match held.replacement(replaced) {
        Replacement::Pending => return Ok((held, Some(replaced.clone()))),
        Replacement::Dropped => return Ok((held, None)),
        Replacement::InForce { schedule: None, cancellation: false } => return Ok((held, None)),
        Replacement::InForce { schedule, cancellation } => (schedule, cancellation),
    };
    let left = match withdraw(account, replaced, schedule, cancellation, now).await {
        Ok(()) => None,
        Err(error) => {
            tracing::warn!(reason = error.reason(), "a change that a paid upgrade replaces could not be withdrawn yet");
            Some(replaced.clone())
        }
    };
    let subscriptions = account.subscriptions(customer).await?;
    Ok((CustomerAtStripe { subscriptions, ..held }, left))
}

/// Releases the schedule and withdraws the cancellation. Comparisons at the same time use the same keys, so that none of
/// them undoes a later cancellation. Stripe repeats a failure under its key, so the keys last for an hour.
async fn withdraw(
    account: &Account,
    replaced: &ReplacedChange,
    schedule: Option<&str>,
    cancellation: bool,
    now: Timestamp,
) -> Result<(), Error> {
    let ReplacedChange { attempt, subscription, .. } = replaced;
    let key = |step: &str| format!("{subscription}-{attempt}-{step}-{}", now.as_second() / 3_600);
    if let Some(schedule) = schedule {
        done(account.release_schedule(schedule, &key("release")).await)?;
    }
    if cancellation {
        done(account.resume(subscription, PendingCancellation::AtTime, &key("resume")).await)?;
    }
    Ok(())
}

/// Takes a refusal for success: the schedule or the subscription has ended in the meantime.
fn done(answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Ok(()) | Err(Error::Refused(_) | Error::Absent(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
