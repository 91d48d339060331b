//! Checkouts: creates the customer and the one page on which a plan can be paid.

use super::{Effect, OrderAnswer, OrderRequest};
use crate::billing::{answer::CheckoutView, deps::BillingDeps, error::Error};
use domain::{
    audit::record::Entry,
    billing::account::{Billing, PendingCheckout},
    billing::intent::{CallStep, Checkout, Intent},
    billing::order::OrderError,
    billing::stripe::facts::newest_trial,
    billing::trial::TrialDays,
};
use jiff::SignedDuration;
use store::Change;
use store::Scope;
use stripe::{self, Account, NewSession, Session, SessionState};
use system_scope::SystemScope;

/// Largest difference between Stripe's clock and ours when a customer is found by creation time.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// Creates the customer and the page at Stripe, unless they exist. Sets `customer` as soon as the customer is known, so
/// that it is recorded even if the page fails.
pub(super) async fn ask(
    request: &OrderRequest<'_>,
    customer: &mut Option<String>,
    checkout: &Checkout,
) -> Result<OrderAnswer, stripe::Error> {
    let OrderRequest { account, scope, intent, .. } = *request;
    let workspace = scope.workspace();
    let found = match customer.as_ref() {
        Some(customer) => Some(customer.clone()),
        None if intent.is_first() => None,
        None => {
            let since = intent.given_at.saturating_sub(CLOCKS).unwrap_or(intent.given_at);
            account.find_customer(workspace, since).await?
        }
    };
    let (found, Cleared { same, trial }) = match found {
        Some(found) => {
            *customer = Some(found.clone());
            let Some(cleared) = clear(account, &found, checkout).await? else {
                return Ok(OrderAnswer::Moot(OrderError::AlreadySubscribed));
            };
            (found, cleared)
        }
        // A new customer has neither sessions nor subscriptions.
        None => {
            let made = account.create_customer(workspace, &intent.key(workspace, CallStep::Customer)).await?;
            (made, Cleared { same: None, trial: checkout.trial.map(|trial| trial.days) })
        }
    };
    *customer = Some(found.clone());
    let session = match same {
        Some(session) => session,
        None => {
            let new = NewSession {
                workspace,
                customer: &found,
                price: &checkout.price,
                success_url: &checkout.success_url,
                cancel_url: &checkout.cancel_url,
                trial,
                offers: checkout.offers,
            };
            account.open_session(new, &intent.key(workspace, CallStep::Session)).await?
        }
    };
    Ok(match session.state {
        SessionState::Open { url } => {
            let Checkout { plan, interval, .. } = *checkout;
            let page =
                PendingCheckout { session: session.id, url, plan, interval, trial, expires_at: session.expires_at };
            OrderAnswer::Done(Effect::Page { customer: found, page })
        }
        // Another process has carried out the intent, and the page was paid or closed since.
        SessionState::Complete | SessionState::Expired => OrderAnswer::Moot(OrderError::AlreadySubscribed),
    })
}

/// The state of a customer before a page is opened.
struct Cleared {
    /// An open page that sells the same.
    same: Option<Session>,
    /// Trial days that the customer may still have.
    trial: Option<TrialDays>,
}

/// Closes all open sessions of `customer` except one that sells the same. Returns `None` if the customer has a
/// subscription.
///
/// Sessions are read first: one that is paid in the meantime is found as a subscription, and its trial counts as used.
async fn clear(account: &Account, customer: &str, checkout: &Checkout) -> Result<Option<Cleared>, stripe::Error> {
    let sessions = account.open_sessions(customer).await?;
    let (candidates, others): (Vec<_>, Vec<_>) =
        sessions.into_iter().partition(|session| session.price.as_ref() == Some(&checkout.price));
    if !close(account, &others).await? {
        return Ok(None);
    }
    let subscriptions = account.subscriptions(customer).await?;
    if subscriptions.iter().any(|held| held.status.is_payable()) {
        return Ok(None);
    }
    let trialed_at = newest_trial(&subscriptions);
    let trial = checkout.trial.filter(|trial| trial.is_left(trialed_at)).map(|trial| trial.days);
    let (mut same, mut others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|session| session.trial == trial);
    others.extend(same.split_off(same.len().min(1)));
    let closed = close(account, &others).await?;
    Ok(Some(Cleared { same: same.pop(), trial }).filter(|_| closed))
}

/// Closes `sessions`. Returns false if one was already paid.
async fn close(account: &Account, sessions: &[Session]) -> Result<bool, stripe::Error> {
    for session in sessions {
        if account.expire_session(&session.id).await?.state == SessionState::Complete {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Records the page and closes the intent.
pub(super) async fn settle(
    with: &BillingDeps,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    customer: String,
    page: PendingCheckout,
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
    let next = next.with_next_comparison(now);
    let scope = Scope::on_behalf_of(scope, intent.actor, intent.origin.clone()).named(intent.actor_name.clone());
    let mut change = Change::<Error>::begin(&with.store, &scope, entry, now)?;
    change.write_billing(billing, &next, Error::ChangedMeanwhile)?;
    change.close_intent(intent, &answer, Error::ChangedMeanwhile, now)?;
    change.commit(None, (), now).await?;
    Ok(answer)
}
