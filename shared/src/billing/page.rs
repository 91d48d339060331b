//! Carrying out a checkout: the customer, and the one page on which a plan can be paid.

use super::{Charging, Error, intents::Effect, view::CheckoutView};
use crate::{
    domain::{
        audit::Entry,
        billing::{Billing, PendingCheckout},
        intent::{CallStep, Checkout, Intent},
        order::OrderError,
        scope::SystemScope,
    },
    store::Change,
    stripe::{self, Account, NewSession, Session, SessionState},
};
use jiff::SignedDuration;

/// How far Stripe's clock may be from ours when a customer is looked for by his time.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// Has Stripe make the customer and the page, as far as they are not there already. Who the customer is stands in `customer` as
/// soon as it is known: he is recorded whatever becomes of the page.
pub(super) async fn ask(
    account: &Account,
    scope: &SystemScope,
    customer: &mut Option<String>,
    intent: &Intent,
    checkout: &Checkout,
) -> Result<Effect, stripe::Error> {
    let workspace = scope.workspace();
    let found = match customer.as_ref() {
        Some(customer) => Some(customer.clone()),
        None if intent.is_first() => None,
        None => {
            let since = intent.given_at.saturating_sub(CLOCKS).unwrap_or(intent.given_at);
            account.find_customer(workspace, since).await?
        }
    };
    let (found, waiting) = match found {
        Some(found) => {
            *customer = Some(found.clone());
            let Some(waiting) = clear(account, &found, &checkout.price).await? else {
                return Ok(Effect::Moot(OrderError::AlreadySubscribed));
            };
            (found, waiting)
        }
        // Nothing can be there for a customer who is just made.
        None => (account.create_customer(workspace, &intent.key(workspace, CallStep::Customer)).await?, Vec::new()),
    };
    *customer = Some(found.clone());
    let session = match waiting.into_iter().next() {
        Some(session) => session,
        None => {
            let new = NewSession {
                workspace,
                customer: &found,
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
            Effect::Page { customer: found, page }
        }
        // Somebody else has carried it out, and it was paid or closed since.
        SessionState::Complete | SessionState::Expired => Effect::Moot(OrderError::AlreadySubscribed),
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
pub(super) async fn settle(
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
