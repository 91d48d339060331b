//! Carrying out an intent: by whoever wrote it, by whoever finds it in his way, or by the sweeper. All of them may do so at
//! once: Stripe is asked under the same keys, and the outcome is written once.

use super::{
    Charging, DECISIONS, Error,
    compare::{Cause, compare},
    view::CheckoutView,
};
use crate::{
    domain::{
        audit::Entry,
        billing::{Billing, PendingCheckout},
        ids::WorkspaceId,
        intent::{Attempt, CallStep, Checkout, Intent, Order},
        order::OrderError,
        scope::SystemScope,
    },
    store::{Change, billing::Opened},
    stripe::{self, Account, NewSession, Session, SessionState},
};
use jiff::SignedDuration;

/// How far Stripe's clock may be from ours when a customer is looked for by his time.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// What came of asking Stripe.
enum Effect {
    /// There is a page, for this customer.
    Page { customer: String, page: PendingCheckout },
    /// The workspace pays already.
    Subscribed,
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
    let billing = with.store.billed(scope).await?.billing;
    match carry_out(with, scope, billing, intent).await {
        // Its own affair: it is out of the way.
        Ok(_) | Err(Error::Order(_) | Error::ChangedMeanwhile) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Carries out `intent`, of which `billing` tells; `ChangedMeanwhile` if somebody else has ended it.
pub(super) async fn carry_out(
    with: &Charging,
    scope: &SystemScope,
    mut billing: Billing,
    mut intent: Intent,
) -> Result<CheckoutView, Error> {
    for _ in 0..DECISIONS {
        if billing.open != Some(intent.attempt) {
            return Err(Error::ChangedMeanwhile);
        }
        let now = with.store.ambient().now();
        if !intent.may_repeat(now) {
            intent = again(with, scope, &mut billing, intent).await?;
        }
        let account = with.account().await?;
        let Order::Checkout(checkout) = &intent.order;
        let effect = match ask(&account, scope, &billing, &intent, checkout).await {
            // The answer is stuck to the key. What it has done will be found.
            Err(stripe::Error::Failed(_)) => {
                intent = again(with, scope, &mut billing, intent).await?;
                let Order::Checkout(checkout) = &intent.order;
                ask(&account, scope, &billing, &intent, checkout).await
            }
            effect => effect,
        };
        let done = match with.answered(effect).await {
            Ok(Effect::Page { customer, page }) => settle(with, scope, &billing, &intent, (customer, page)).await,
            Ok(Effect::Subscribed) => refuse(with, scope, &intent).await,
            // It will not be taken another time either.
            Err(error @ Error::Stripe(stripe::Error::Refused(_))) => {
                close(with, scope, &billing, &intent).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        match done {
            Err(Error::ChangedMeanwhile) => billing = with.store.billed(scope).await?.billing,
            done => return done,
        }
    }
    Err(Error::ChangedMeanwhile)
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

/// Has Stripe make the customer and the page, as far as they are not there already.
async fn ask(
    account: &Account,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    checkout: &Checkout,
) -> Result<Effect, stripe::Error> {
    let workspace = scope.workspace();
    let found = match &billing.customer {
        Some(customer) => Some(customer.clone()),
        None if intent.is_first() => None,
        None => {
            let since = intent.given_at.saturating_sub(CLOCKS).unwrap_or(intent.given_at);
            account.find_customer(workspace, since).await?
        }
    };
    let (customer, waiting) = match found {
        Some(customer) => {
            let Some(waiting) = clear(account, &customer, &checkout.price).await? else {
                return Ok(Effect::Subscribed);
            };
            (customer, waiting)
        }
        // Nothing can be there for a customer who is just made.
        None => (account.create_customer(workspace, &intent.key(workspace, CallStep::Customer)).await?, Vec::new()),
    };
    let session = match waiting.into_iter().next() {
        Some(session) => session,
        None => {
            let new = NewSession {
                workspace,
                customer: &customer,
                price: &checkout.price,
                success_url: &checkout.success_url,
                cancel_url: &checkout.cancel_url,
            };
            account.open_session(new, &intent.key(workspace, CallStep::Session)).await?
        }
    };
    Ok(match session.state {
        SessionState::Open { url } => {
            let Checkout { plan, interval, .. } = *checkout;
            let page = PendingCheckout { session: session.id, url, plan, interval, expires_at: session.expires_at };
            Effect::Page { customer, page }
        }
        // Somebody else has carried it out, and it was paid or closed since.
        SessionState::Complete | SessionState::Expired => Effect::Subscribed,
    })
}

/// The open sessions of `customer` that sell `price`, once all others are closed; `None` if he has a subscription.
///
/// Sessions come first: one that is paid while this looks is found as a subscription.
async fn clear(account: &Account, customer: &str, price: &str) -> Result<Option<Vec<Session>>, stripe::Error> {
    let mut same = Vec::new();
    for session in account.open_sessions(customer).await? {
        if session.price.as_deref() == Some(price) && same.is_empty() {
            same.push(session);
        } else if account.expire_session(&session.id).await?.state == SessionState::Complete {
            return Ok(None);
        }
    }
    let subscribed = account.subscriptions(customer).await?.iter().any(|held| held.status.lives());
    Ok(Some(same).filter(|_| !subscribed))
}

/// Writes that there is a page.
async fn settle(
    with: &Charging,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    (customer, page): (String, PendingCheckout),
) -> Result<CheckoutView, Error> {
    let now = with.store.ambient().now();
    let answer = CheckoutView { url: page.url.clone() };
    let entry = Entry::checkout_opened(&page);
    let next = Billing {
        version: billing.version.saturating_add(1),
        customer: Some(customer),
        pending_checkout: Some(page),
        open: None,
        ..billing.clone()
    };
    let next = next.checked(now);
    let scope = scope.on_behalf_of(intent.actor, intent.origin.clone());
    let mut change = Change::<Error>::begin(&with.store, &scope, entry, now)?;
    change.write_billing(billing, &next, Error::ChangedMeanwhile)?;
    change.end_intent(intent, &answer, Error::ChangedMeanwhile, now)?;
    change.commit(None, (), now).await?;
    Ok(answer)
}

/// Ends an intent whose workspace pays already: what it pays for is read first.
async fn refuse(with: &Charging, scope: &SystemScope, intent: &Intent) -> Result<CheckoutView, Error> {
    let cause = Cause { origin: intent.origin.clone(), event: None, failure: None };
    let billing = compare(with, scope, cause).await?;
    if billing.open == Some(intent.attempt) {
        close(with, scope, &billing, intent).await?;
    }
    Err(OrderError::AlreadySubscribed.into())
}

/// Ends an intent of which nothing has become.
async fn close(with: &Charging, scope: &SystemScope, billing: &Billing, intent: &Intent) -> Result<(), Error> {
    let next = Billing { version: billing.version.saturating_add(1), open: None, ..billing.clone() };
    match with.store.close_intent(scope, (billing, &next), intent, None::<&()>).await? {
        Opened::Yes => Ok(()),
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}
