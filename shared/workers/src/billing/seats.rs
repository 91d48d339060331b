//! Seats: the quantity at Stripe of a plan that is paid for each seat follows the number of active members.
//!
//! The number is set, never added to, and read again after each write: a request stays due until a later sweep finds the
//! right number at Stripe. While one sweep writes, the billing says so: no other sweep writes, and no command is sent,
//! which could change the price or the schedule in between. A mark outlives every function, so a process that ends
//! midway blocks nothing for long.

use super::{deps::BillingDeps, error::Error};
use domain::{
    billing::{
        account::{Billing, LATE},
        intent::PATIENCE,
        subscription::{Status, Subscription},
    },
    plans::{catalogue::Plans, price::PriceAtStripe},
};
use jiff::Timestamp;
use store::billing::{SeatCheck, SeatFacts};
use stripe::{Account, CurrentSubscription, Proration, Schedule, SubscriptionItem};
use system_scope::SystemScope;

/// Result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatsOutcome {
    /// Stripe has the right number, or needs none.
    Right,
    /// The number was set, and is read again by the next sweep.
    Set,
    /// A command or another sweep comes first, or a change waits for its payment.
    Waiting,
}

/// The changes at Stripe that a workspace's seats need.
struct Needed<'a> {
    /// The item with another quantity, and the wanted one.
    item: Option<(&'a SubscriptionItem, u64)>,
    /// The schedule with the wanted quantities in its phases.
    schedule: Option<Schedule>,
}

/// Compares the seats of the workspace of `check` with Stripe, and sets their number there if it differs.
///
/// # Errors
/// [`Error`] if the table or Stripe fails. The check is still due.
pub async fn check_seats(with: &BillingDeps, check: SeatCheck) -> Result<SeatsOutcome, Error> {
    let (scope, store) = (SystemScope::of(check.workspace), &with.store);
    let SeatFacts { billing, members } = store.seat_facts(&scope).await?;
    let now = store.ambient().now();
    let Some((paid, members)) = settable(&billing).zip(members) else {
        store.delete_seat_check(check).await?;
        return Ok(SeatsOutcome::Right);
    };
    if billing.open.is_some() || billing.is_setting_seats(now) {
        return Ok(SeatsOutcome::Waiting);
    }
    let account = with.payments.stripe_account::<Error>().await?;
    let present = match account.current_subscription(&paid.id).await {
        // The comparison finds out what has become of the customer.
        Err(stripe::Error::Absent(_)) => None,
        present => Some(present?).filter(|present| present.lives),
    };
    let Some(present) = present else {
        store.delete_seat_check(check).await?;
        return Ok(SeatsOutcome::Right);
    };
    if present.pending.is_some() {
        // Any change of the items would drop it. Its payment and its end make the seats due again.
        store.postpone_seat_check(check, after(now, LATE)).await?;
        return Ok(SeatsOutcome::Waiting);
    }
    let prices = account.prices_of_phases(&present).await?;
    if needed(store.plans(), &present, &prices, members).is_nothing() {
        store.delete_seat_check(check).await?;
        return Ok(SeatsOutcome::Right);
    }
    let marked = Billing {
        version: billing.version.saturating_add(1),
        seats_until: Some(after(now, PATIENCE)),
        ..billing.clone()
    };
    if !store.mark_setting_seats(&scope, &billing, &marked).await? {
        return Ok(SeatsOutcome::Waiting);
    }
    let set = set_now(with, &scope, &account, &paid.id).await;
    unmark(with, &scope, &marked).await?;
    set.map(|()| SeatsOutcome::Set)
}

/// Reads members and subscription again and sets the number. Nothing else changes the subscription meanwhile.
async fn set_now(with: &BillingDeps, scope: &SystemScope, account: &Account, id: &str) -> Result<(), Error> {
    let Some(members) = with.store.seat_facts(scope).await?.members else { return Ok(()) };
    let present = account.current_subscription(id).await?;
    if !present.lives || present.pending.is_some() {
        return Ok(());
    }
    let (prices, proration) = (account.prices_of_phases(&present).await?, proration(present.status));
    let Needed { item, schedule } = needed(with.store.plans(), &present, &prices, members);
    // The current phase of a schedule sets the items, too.
    match (schedule, item) {
        (Some(schedule), _) => account.set_phases(&schedule, proration).await?,
        (None, Some((item, quantity))) => account.set_quantity(item, quantity, proration).await?,
        (None, None) => {}
    }
    Ok(())
}

/// Ends the mark, unless another change of the billing came first: then it ends by time.
async fn unmark(with: &BillingDeps, scope: &SystemScope, marked: &Billing) -> Result<(), Error> {
    let next = Billing { version: marked.version.saturating_add(1), seats_until: None, ..marked.clone() };
    with.store.mark_setting_seats(scope, marked, &next).await?;
    Ok(())
}

/// Returns the subscription whose seats can be set. Stripe changes none whose first invoice is not paid; its payment is an
/// event, whose comparison makes the seats due.
fn settable(billing: &Billing) -> Option<&Subscription> {
    billing.subscription.as_ref().filter(|paid| paid.is_payable() && paid.status != Status::Incomplete)
}

/// A period that is not paid gives no credit, so that the next invoice is the first with the new number.
/// <https://docs.stripe.com/billing/subscriptions/prorations>
const fn proration(status: Status) -> Proration {
    match status {
        Status::Active | Status::Trialing | Status::Incomplete => Proration::NextInvoice,
        Status::PastDue | Status::Unpaid | Status::Paused | Status::IncompleteExpired | Status::Canceled => {
            Proration::None
        }
    }
}

/// Compares `present` with the quantities that `members` active members need. `prices` are those of its items and phases.
/// Items that are no plan's do not matter.
fn needed<'a>(plans: Plans, present: &'a CurrentSubscription, prices: &[PriceAtStripe], members: u64) -> Needed<'a> {
    let quantity = |price: &str| {
        let name = plans.paid_by(prices.iter().find(|known| known.id == price)?)?;
        Some(plans.version(name.plan).filter(|plan| plan.is_per_seat())?.quantity(members))
    };
    let item = present.plan_item(plans).and_then(|item| Some((item, quantity(&item.price.id)?)));
    // A schedule that an upgrade replaces has another price, and is withdrawn.
    let schedule = present.schedule.as_ref().filter(|schedule| {
        present.plan_item(plans).is_some_and(|item| schedule.present_prices().any(|price| price == item.price.id))
    });
    let schedule =
        schedule.and_then(|schedule| schedule.with_quantities(|price, present| quantity(price).unwrap_or(present)));
    Needed { item: item.filter(|(item, quantity)| item.quantity != *quantity), schedule }
}

impl Needed<'_> {
    const fn is_nothing(&self) -> bool {
        self.item.is_none() && self.schedule.is_none()
    }
}

fn after(now: Timestamp, time: jiff::SignedDuration) -> Timestamp {
    now.saturating_add(time).unwrap_or(Timestamp::MAX)
}
