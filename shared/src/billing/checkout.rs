//! Checkouts: opens the page at Stripe on which a plan is paid.

use domain::{
    billing::{
        intent::{Checkout, Order},
        order::{OrderError, check_checkout, first_price},
        return_url::ReturnUrl,
        trial::Trial,
    },
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    plans::{
        money::{Currency, Interval},
        plan::Plan,
    },
    workspace::dashboard::DashboardPage,
};
use identity::Caller;
use store::{Authorized, billing::BillingFacts};
use stripe::SessionState;
use workers::billing::{
    BillingDeps, CheckoutView, ComparisonCause, Error, OrderOutcome, compare_with_stripe, finish_intent, submit_order,
};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Return URLs of Stripe's page, as given by the client. The default is the dashboard's billing page.
#[derive(Debug, Clone, Default)]
pub struct ReturnUrls {
    /// URL to return to after the payment.
    pub success_url: Option<ReturnUrl>,
    /// URL to return to if the customer cancels.
    pub cancel_url: Option<ReturnUrl>,
}

/// A request to buy a plan.
#[derive(Debug, Clone)]
pub struct CheckoutRequest {
    /// Plan to buy.
    pub plan: Plan,
    /// Billing interval.
    pub interval: Interval,
    /// Currency; `None` is that of an earlier subscription, or the default.
    pub currency: Option<Currency>,
    /// Return URLs of Stripe's page.
    pub back: ReturnUrls,
}

/// Returns the page on which `wanted` is paid: an open page for the same order with the same return URLs, or a new one. Any
/// other open page is closed first, so that two pages can never be paid.
///
/// # Errors
/// [`Error`] if the caller may not manage billing, the order is not possible, the budget is used up, or the table or
/// Stripe fails.
pub async fn open_checkout(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    wanted: CheckoutRequest,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let entry = with.store.enter(caller, workspace, command);
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::ManageBilling, Budget::BillingCommands).await?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    taken?;
    Box::pin(sell(with, caller, inside, wanted, command)).await
}

/// Like [`open_checkout`], for an owner who has been authorized and counted against the budget.
pub(super) async fn sell(
    with: &BillingDeps,
    caller: &Caller,
    inside: Authorized<'_>,
    wanted: CheckoutRequest,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let workspace = inside.workspace.id;
    let (mut read, wanted) = (Some(inside), &wanted);
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || {
        let read = read.take();
        async move {
            let inside = match read {
                Some(inside) => inside,
                None => with.store.enter(caller, workspace, command).load().await?.authorize(Action::ManageBilling)?,
            };
            if let Some(answer) = inside.earlier_answer()? {
                return Ok(answer);
            }
            let order = order(with, &inside, wanted)?;
            if let Some(attempt) = inside.billing.open {
                // Another command is pending and comes first. It may be for the same order.
                finish_intent(with, &inside.scope.system(), attempt).await?;
                return Err(Error::ChangedMeanwhile);
            }
            if let Some(pending) = inside.billing.pending_checkout.as_ref().filter(|pending| order.is_for(pending)) {
                let session = with.payments.stripe_account::<Error>().await?.find_session(&pending.session).await?;
                match session.map(|session| (session.leads_back_to(&order), session.state)) {
                    // The page leads back to other URLs, so the order closes it and opens another one.
                    Some((false, SessionState::Open { .. })) => {}
                    Some((true, SessionState::Open { url })) => {
                        return Ok(with.store.record_answer(caller.user(), command, CheckoutView { url }).await?);
                    }
                    Some((_, SessionState::Complete)) => {
                        let origin = inside.scope.origin().clone();
                        let now =
                            compare_with_stripe(with, &inside.scope.system(), ComparisonCause::of(origin)).await?;
                        return Err(now.precise(OrderError::AlreadySubscribed).into());
                    }
                    Some((_, SessionState::Expired)) | None => {}
                }
            }
            let billed = BillingFacts {
                billing: inside.billing.clone(),
                runtime: None,
                members: Some(inside.workspace.counts.members),
                log: inside.scope.known_head().clone(),
            };
            match submit_order(with, &inside.scope, billed, Order::Checkout(order), command).await? {
                OrderOutcome::Page(page) => Ok(Reply::First(page)),
                OrderOutcome::Changed { .. } => Err(Error::ChangedMeanwhile),
                // Nothing can be charged before the customer sees the page, which a repeated request finds.
                OrderOutcome::Pending { error, .. } => Err(error),
            }
        }
    })
    .await
}

/// Returns the order for Stripe, if the workspace may check out.
fn order(with: &BillingDeps, inside: &Authorized<'_>, wanted: &CheckoutRequest) -> Result<Checkout, Error> {
    let (billing, workspace) = (&inside.billing, inside.workspace.id);
    check_checkout(inside.plans, billing, wanted.plan)?;
    let price = first_price(inside.plans, billing, (wanted.plan, wanted.interval, wanted.currency))?;
    let address = |given: &Option<ReturnUrl>, page: DashboardPage<'_>| {
        given.as_ref().map_or_else(|| with.dashboard.page_url(page), ReturnUrl::to_text)
    };
    Ok(Checkout {
        plan: wanted.plan.reference(),
        interval: wanted.interval,
        price: price.into(),
        quantity: wanted.plan.quantity(inside.workspace.counts.members),
        success_url: address(&wanted.back.success_url, DashboardPage::Paid(workspace)),
        cancel_url: address(&wanted.back.cancel_url, DashboardPage::NotPaid(workspace)),
        trial: Trial::of(billing, wanted.plan.trial),
        offers: with.offers,
        customer_name: Some(inside.workspace.name.clone()),
    })
}
