//! Changing what is paid for: another plan now or later, no plan any more, or what it is after all.

use super::{
    checkout::{Back, CheckoutRequest, sell},
    view::PlanChangeView,
};
use domain::{
    billing::{
        account::Billing,
        intent::{Aim, Order, PlanChange},
        order::{self, Decision, OrderError},
    },
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    plans::plan::{Interval, Plan},
};
use identity::Caller;
use store::billing::Billed;
use workers::billing::{Charging, Done, Error, SubscriptionView, join, submit};
use workers::decisions::DECISIONS;

/// The plan that a workspace is to have.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The plan.
    pub plan: Plan,
    /// How often it is paid; as often as the plan before if there is none.
    pub interval: Option<Interval>,
    /// Where Stripe's page leads back to, if there is one.
    pub back: Back,
}

/// Has `workspace` pay for `plan`: by a page if it pays for nothing yet, at once if that is more, when the period ends if it is
/// less.
///
/// # Errors
/// [`Error`].
pub async fn change_plan(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    PlanRequest { plan, interval, back }: PlanRequest,
) -> Result<PlanChangeView, Error> {
    let decide = |billing: &Billing| order::change(billing, plan, interval);
    match command(with, caller, workspace, decide, None).await? {
        Commanded::Checkout(plan, interval) => {
            let wanted = CheckoutRequest { plan, interval, back };
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
            join(with, &inside.scope.system(), attempt).await?;
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
        let billed = Billed { billing, runtime: inside.take(&runtime)? };
        match submit(with, &inside.scope, billed, order, key).await {
            Ok(Done::Changed { billing, waits }) => return Ok(Commanded::Done(decision, billing, waits)),
            Ok(Done::Page(_)) | Err(Error::ChangedMeanwhile) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// The price at which `plan` is sold.
fn price(with: &Charging, plan: Plan, interval: Interval) -> Result<String, OrderError> {
    with.catalogue.price(plan, interval).map(ToOwned::to_owned).ok_or(OrderError::ContractRequired)
}
