//! Carrying out an intent: by whoever wrote it, by whoever finds it in his way, or by the sweeper. All of them may do so at
//! once: Stripe is asked under the same keys, and the outcome is written once.

use super::{
    Charging, DECISIONS, Error, change,
    compare::{Cause, compare},
    page,
    view::CheckoutView,
};
use domain::{
    billing::account::{Billing, PendingCheckout},
    billing::intent::{Attempt, Intent, Order},
    billing::order::OrderError,
    identity::scope::SystemScope,
    ids::WorkspaceId,
};
use store::billing::{Billed, Opened};
use stripe::{self, Account};

/// What came of asking Stripe.
pub(super) enum Effect {
    /// There is a page, for this customer.
    Page { customer: String, page: PendingCheckout },
    /// The subscription is what it was to be; if that waits to be paid, where.
    Changed { waits: Option<String> },
    /// It cannot be done: the workspace pays already, or it does not.
    Moot(OrderError),
}

/// What came of a command.
pub(super) enum Done {
    /// There is a page.
    Page(CheckoutView),
    /// What is paid for, and where a change is paid that waits for it.
    Changed {
        /// What is paid for.
        billing: Box<Billing>,
        /// Where a change is paid that waits for it; empty if Stripe names no page.
        waits: Option<String>,
    },
}

/// Finishes the command of `workspace` that was left, if there still is one.
///
/// # Errors
/// [`Error`]; it is due again.
pub async fn finish_left(with: &Charging, workspace: WorkspaceId) -> Result<(), Error> {
    let scope = SystemScope::of(workspace);
    match with.store.billed(&scope).await?.billing.open {
        Some(attempt) => join(with, &scope, attempt).await,
        None => Ok(()),
    }
}

/// Carries out the intent `attempt`, whoever wrote it, so that it is out of the way.
pub(super) async fn join(with: &Charging, scope: &SystemScope, attempt: Attempt) -> Result<(), Error> {
    let Some(intent) = with.store.intent(scope, attempt).await? else { return Ok(()) };
    let billed = with.store.billed(scope).await?;
    match carry_out(with, scope, billed, intent).await {
        // Its own affair: it is out of the way.
        Ok(_) | Err(Error::Order(_) | Error::ChangedMeanwhile) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Carries out `intent`, of which `billed` tells; `ChangedMeanwhile` if somebody else has ended it.
pub(super) async fn carry_out(
    with: &Charging,
    scope: &SystemScope,
    mut billed: Billed,
    mut intent: Intent,
) -> Result<Done, Error> {
    for _ in 0..DECISIONS {
        if billed.billing.open != Some(intent.attempt) {
            return Err(Error::ChangedMeanwhile);
        }
        if !intent.may_repeat(with.store.ambient().now()) {
            intent = again(with, scope, &mut billed.billing, intent).await?;
        }
        let account = with.account().await?;
        let mut customer = billed.billing.customer.clone();
        let effect = match ask(&account, scope, &mut customer, &intent).await {
            // The answer is stuck to the key. What it has done will be found.
            Err(stripe::Error::Failed(_)) => {
                intent = again(with, scope, &mut billed.billing, intent).await?;
                ask(&account, scope, &mut customer, &intent).await
            }
            effect => effect,
        };
        let done = match with.answered(effect).await {
            Ok(Effect::Page { customer, page }) => {
                page::settle(with, scope, &billed.billing, &intent, (customer, page)).await.map(Done::Page)
            }
            Ok(Effect::Changed { waits }) => change::settle(with, scope, &billed, &intent)
                .await
                .map(|billing| Done::Changed { billing: Box::new(billing), waits }),
            Ok(Effect::Moot(why)) => match close(with, scope, &billed.billing, &intent, customer).await {
                Ok(()) => {
                    // What is paid for was not known.
                    let cause = Cause::of(intent.origin.clone());
                    compare(with, scope, cause).await?;
                    Err(why.into())
                }
                Err(error) => Err(error),
            },
            // It will not be taken another time either.
            Err(error @ Error::Stripe(stripe::Error::Refused(_))) => {
                let error = match intent.order {
                    Order::Checkout(_) => error,
                    Order::Change(_) => OrderError::Refused.into(),
                };
                close(with, scope, &billed.billing, &intent, customer).await.and(Err(error))
            }
            Err(error) => return Err(error),
        };
        match done {
            Err(Error::ChangedMeanwhile) => billed = with.store.billed(scope).await?,
            done => return done,
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// Has Stripe do what is wanted, as far as it is not done already.
async fn ask(
    account: &Account,
    scope: &SystemScope,
    customer: &mut Option<String>,
    intent: &Intent,
) -> Result<Effect, stripe::Error> {
    match &intent.order {
        Order::Checkout(checkout) => page::ask(account, scope, customer, intent, checkout).await,
        Order::Change(change) => change::ask(account, scope, intent, change).await,
    }
}

/// The same command under the next attempt: Stripe's keys are new.
async fn again(with: &Charging, scope: &SystemScope, billing: &mut Billing, left: Intent) -> Result<Intent, Error> {
    let intent = left.again(with.store.ambient().now());
    let next = Billing {
        version: billing.version.saturating_add(1),
        attempt: intent.attempt,
        open: Some(intent.attempt),
        ..billing.clone()
    };
    match with.store.repeat_intent(scope, billing, &next, (&left, &intent)).await? {
        Opened::Yes => {
            *billing = next;
            Ok(intent)
        }
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Ends an intent of which nothing has become but, maybe, a customer. What he pays for is looked at soon, should this process end
/// now.
async fn close(
    with: &Charging,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    customer: Option<String>,
) -> Result<(), Error> {
    let next = Billing {
        version: billing.version.saturating_add(1),
        due_at: customer.as_ref().map(|_| with.store.ambient().now()),
        customer,
        open: None,
        ..billing.clone()
    };
    match with.store.close_intent(scope, (billing, &next), intent, None::<&()>).await? {
        Opened::Yes => Ok(()),
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}
