//! Changing what is paid for: another plan now or later, no plan any more, or what it is after all.

use super::{
    Charging, DECISIONS, Error,
    checkout::{CheckoutRequest, intend, sell},
    compare::{Cause, Seen, look, write_with},
    intents::{Done, Effect, carry_out, join},
    view::{PlanChangeView, SubscriptionView},
};
use domain::{
    billing::account::Billing,
    billing::intent::{Aim, CallStep, Intent, Order, PlanChange},
    billing::order::{self, Decision, OrderError},
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::scope::{Caller, SystemScope},
    ids::WorkspaceId,
    plans::plan::{Interval, Plan},
};
use store::billing::{Billed, Opened};
use stripe::{self, Account, Present};

/// Has `workspace` pay for `plan`: by a page if it pays for nothing yet, at once if that is more, when the period ends if it is
/// less.
///
/// # Errors
/// [`Error`].
pub async fn change_plan(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    (plan, interval): (Plan, Option<Interval>),
) -> Result<PlanChangeView, Error> {
    let decide = |billing: &Billing| order::change(billing, plan, interval);
    match command(with, caller, workspace, decide, None).await? {
        Commanded::Checkout(plan, interval) => {
            let wanted = CheckoutRequest { plan, interval, success_url: None, cancel_url: None };
            let entry = with.store.enter(caller, workspace, None);
            let inside = entry.read().await?.as_member(Action::ManageBilling)?;
            match sell(with, caller, inside, wanted, None).await? {
                Reply::First(page) => Ok(PlanChangeView::checkout(page.url)),
                // Without a key nothing is remembered.
                Reply::Again(_) => Err(Error::ChangedMeanwhile),
            }
        }
        Commanded::Done(decision, billing, waits) => Ok(PlanChangeView::of(decision, &billing, waits)),
        Commanded::Again(_) => Err(Error::ChangedMeanwhile),
    }
}

/// Cancels what `workspace` pays for, for the end of the period.
///
/// # Errors
/// [`Error`].
pub async fn cancel(with: &Charging, caller: &Caller, workspace: WorkspaceId) -> Result<SubscriptionView, Error> {
    match command(with, caller, workspace, order::cancel, None).await? {
        Commanded::Done(_, billing, _) => Ok(SubscriptionView::new(&billing, with.store.ambient().now())),
        Commanded::Checkout(..) | Commanded::Again(_) => Err(OrderError::NotSubscribed.into()),
    }
}

/// Takes back a cancellation, or a plan that was to follow.
///
/// # Errors
/// [`Error`].
pub async fn resume(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    key: Option<&Fingerprint>,
) -> Result<Reply<SubscriptionView>, Error> {
    match command(with, caller, workspace, order::resume, key).await? {
        Commanded::Done(_, billing, _) => Ok(Reply::First(SubscriptionView::new(&billing, with.store.ambient().now()))),
        Commanded::Again(answer) => Ok(*answer),
        Commanded::Checkout(..) => Err(OrderError::NotSubscribed.into()),
    }
}

/// What became of a command.
enum Commanded {
    /// It takes a page.
    Checkout(Plan, Interval),
    /// It is done, or had been: what is paid for now, and where a change is paid that waits for it.
    Done(Decision, Box<Billing>, Option<String>),
    /// It was done before under the same key.
    Again(Box<Reply<SubscriptionView>>),
}

async fn command(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    decide: impl Fn(&Billing) -> Result<Decision, OrderError>,
    key: Option<&Fingerprint>,
) -> Result<Commanded, Error> {
    let system = SystemScope::of(workspace);
    let mut entry = with.store.enter(caller, workspace, key);
    let runtime = entry.runtime();
    let (inside, taken) = entry.taking::<Error>(Action::ManageBilling, Budget::BillingCommands).await?;
    let (mut read, mut taken) = (Some(inside), Some(taken));
    for _ in 0..DECISIONS {
        let inside = match read.take() {
            Some(inside) => inside,
            None => {
                let mut entry = with.store.enter(caller, workspace, key);
                entry.runtime();
                entry.read().await?.as_member(Action::ManageBilling)?
            }
        };
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(Commanded::Again(Box::new(answer)));
        }
        taken.take().transpose()?;
        let billing = inside.billing.clone();
        if let Some(attempt) = billing.open {
            // Somebody's command is under way, or was left: it comes first.
            join(with, &system, attempt).await?;
            continue;
        }
        let decision = decide(&billing)?;
        let aim = match decision {
            Decision::Checkout(plan, interval) => return Ok(Commanded::Checkout(plan, interval)),
            Decision::Expected => return Ok(Commanded::Done(decision, Box::new(billing), None)),
            Decision::Now(plan, interval) => Aim::Now { price: price(with, plan, interval)? },
            Decision::AtPeriodEnd(plan, interval) => Aim::AtPeriodEnd { price: price(with, plan, interval)? },
            Decision::Cancel => Aim::Cancel,
            Decision::Keep => Aim::Keep,
        };
        let subscription =
            billing.subscription.as_ref().map(|paid| paid.id.clone()).ok_or(OrderError::NotSubscribed)?;
        let order = Order::Change(PlanChange { subscription, aim });
        let (next, intent) = intend(with, &inside.scope, &billing, order, key);
        match with.store.open_intent::<Error>(&inside.scope, &billing, &next, &intent).await? {
            Opened::Yes => {
                let billed = Billed { billing: next, runtime: inside.take(&runtime)? };
                match carry_out(with, &system, billed, intent).await {
                    Ok(Done::Changed { billing, waits }) => return Ok(Commanded::Done(decision, billing, waits)),
                    Ok(Done::Page(_)) | Err(Error::ChangedMeanwhile) => {}
                    Err(error) => return Err(error),
                }
            }
            Opened::ChangedMeanwhile | Opened::Repeated => {}
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// The price at which `plan` is sold.
fn price(with: &Charging, plan: Plan, interval: Interval) -> Result<String, OrderError> {
    with.catalogue.price(plan, interval).map(ToOwned::to_owned).ok_or(OrderError::ContractRequired)
}

/// Has Stripe bring the subscription to its aim. What is there already is not done again, so that this may begin anew at any
/// point.
pub(super) async fn ask(
    account: &Account,
    scope: &SystemScope,
    intent: &Intent,
    change: &PlanChange,
) -> Result<Effect, stripe::Error> {
    let key = |step| intent.key(scope.workspace(), step);
    let present = account.present(&change.subscription).await?;
    if !present.lives {
        return Ok(Effect::Moot(OrderError::NotSubscribed));
    }
    match &change.aim {
        Aim::AtPeriodEnd { price } => {
            keep_going(account, &present, key).await?;
            let schedule = match present.schedule.clone() {
                Some(schedule) => schedule,
                None => account.make_schedule(&present, &key(CallStep::Schedule)).await?,
            };
            if schedule.next.as_ref() != Some(price) {
                account.follow(&schedule, &present.price, price, &key(CallStep::Phases)).await?;
            }
        }
        Aim::Now { price } => {
            let_go(account, &present, key).await?;
            keep_going(account, &present, key).await?;
            if present.price != *price {
                account.change_price(&present, price, &key(CallStep::Change)).await?;
                return Ok(Effect::Changed { waits: account.present(&change.subscription).await?.waits });
            }
        }
        Aim::Cancel => {
            let_go(account, &present, key).await?;
            if present.end.is_none() {
                account.cancel_at_period_end(&present, &key(CallStep::Cancel)).await?;
            }
        }
        Aim::Keep => {
            let_go(account, &present, key).await?;
            keep_going(account, &present, key).await?;
        }
    }
    Ok(Effect::Changed { waits: None })
}

/// What was to follow does not: a scheduled subscription refuses cancellations and a second schedule.
async fn let_go(account: &Account, present: &Present, key: impl Fn(CallStep) -> String) -> Result<(), stripe::Error> {
    match &present.schedule {
        Some(schedule) => account.release(schedule, &key(CallStep::Release)).await,
        None => Ok(()),
    }
}

/// A subscription that was to end goes on.
async fn keep_going(
    account: &Account,
    present: &Present,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match present.end {
        Some(end) => account.resume(present, end, &key(CallStep::Resume)).await,
        None => Ok(()),
    }
}

/// Writes what Stripe says now, and ends the intent.
pub(super) async fn settle(
    with: &Charging,
    scope: &SystemScope,
    billed: &Billed,
    intent: &Intent,
) -> Result<Billing, Error> {
    let Some(customer) = billed.billing.customer.clone() else { return Err(OrderError::NotSubscribed.into()) };
    let cause = Cause::of(intent.origin.clone());
    let Seen { billing, notices } = look(with, &billed.billing, &customer, &cause).await?;
    let next = Seen { billing: Billing { open: None, ..billing }, notices };
    write_with(with, scope, billed, next, &cause, Some(intent)).await
}
