//! Buying a plan: a page at Stripe on which it is paid.

use domain::{
    billing::{
        account::Billing,
        intent::{Checkout, Order},
        order::{OrderError, may_check_out},
        return_url::ReturnUrl,
        trial::Trial,
    },
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    plans::plan::{Interval, Plan},
    workspace::dashboard::DashboardPage,
};
use identity::Caller;
use store::{Inside, billing::Billed};
use stripe::SessionState;
use workers::billing::{Cause, Charging, CheckoutView, Done, Error, compare, join, submit};
use workers::decisions::DECISIONS;

/// The addresses that Stripe's page leads back to, where the client names them. The others are the dashboard's page of the billing.
#[derive(Debug, Clone, Default)]
pub struct Back {
    /// After the payment.
    pub success_url: Option<ReturnUrl>,
    /// Without a payment.
    pub cancel_url: Option<ReturnUrl>,
}

/// What somebody wants to buy.
#[derive(Debug, Clone)]
pub struct CheckoutRequest {
    /// The plan.
    pub plan: Plan,
    /// How often he would pay.
    pub interval: Interval,
    /// Where Stripe's page leads back to.
    pub back: Back,
}

/// The page on which `wanted` is paid: the one that waits for the same, or a new one. A page for another plan is closed
/// first, so that never two can be paid.
///
/// # Errors
/// [`Error`].
pub async fn checkout(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    wanted: CheckoutRequest,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let entry = with.store.enter(caller, workspace, command);
    let (inside, taken) = entry.taking::<Error>(Action::ManageBilling, Budget::BillingCommands).await?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    taken?;
    sell(with, caller, inside, wanted, command).await
}

/// The same for an owner who was read to be `inside`, and has taken of the budget.
pub(super) async fn sell(
    with: &Charging,
    caller: &Caller,
    inside: Inside<'_>,
    wanted: CheckoutRequest,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let workspace = inside.workspace.id;
    let mut read = Some(inside);
    for _ in 0..DECISIONS {
        let inside = match read.take() {
            Some(inside) => inside,
            None => with.store.enter(caller, workspace, command).read().await?.as_member(Action::ManageBilling)?,
        };
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let order = order(with, workspace, &inside.billing, &wanted)?;
        if let Some(attempt) = inside.billing.open {
            // Somebody's command is under way, or was left: it comes first, and may well be for the same.
            join(with, &inside.scope.system(), attempt).await?;
            continue;
        }
        if let Some(pending) = inside.billing.pending_checkout.as_ref().filter(|pending| order.is_for(pending)) {
            let session = with.payments.account::<Error>().await?.session(&pending.session).await?;
            match session.state {
                SessionState::Open { url } => {
                    return Ok(with.store.remember(caller.user(), command, CheckoutView { url }).await?);
                }
                SessionState::Complete => {
                    let origin = inside.scope.origin().clone();
                    compare(with, &inside.scope.system(), Cause::of(origin)).await?;
                    return Err(OrderError::AlreadySubscribed.into());
                }
                SessionState::Expired => {}
            }
        }
        let billed = Billed { billing: inside.billing.clone(), runtime: None };
        match submit(with, &inside.scope, billed, Order::Checkout(order), command).await {
            Ok(Done::Page(page)) => return Ok(Reply::First(page)),
            Ok(Done::Changed { .. }) | Err(Error::ChangedMeanwhile) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// What is asked of Stripe.
fn order(
    with: &Charging,
    workspace: WorkspaceId,
    billing: &Billing,
    wanted: &CheckoutRequest,
) -> Result<Checkout, Error> {
    may_check_out(billing, wanted.plan)?;
    let price = with.catalogue.price(wanted.plan, wanted.interval).ok_or(OrderError::NotSold)?;
    let address = |given: &Option<ReturnUrl>, page: DashboardPage<'_>| {
        given.as_ref().map_or_else(|| with.dashboard.at(page), ReturnUrl::to_text)
    };
    Ok(Checkout {
        plan: wanted.plan,
        interval: wanted.interval,
        price: price.to_owned(),
        success_url: address(&wanted.back.success_url, DashboardPage::Paid(workspace)),
        cancel_url: address(&wanted.back.cancel_url, DashboardPage::NotPaid(workspace)),
        trial: Trial::of(billing, with.trial),
        offers: with.offers,
    })
}
