//! Checkouts: creates the customer and the one page on which a plan can be paid.

use super::{Effect, OrderAnswer, OrderRequest, ending::end_unpaid};
use crate::billing::{answer::CheckoutView, deps::BillingDeps, error::Error};
use domain::{
    audit::record::Entry,
    billing::account::{Billing, PendingCheckout},
    billing::intent::{CallStep, Checkout, Intent, LastCommand},
    billing::order::OrderError,
    billing::stripe::facts::{CustomerAtStripe, newest_trial},
    billing::subscription::Subscription,
    billing::trial::TrialDays,
    plans::price::SoldPrice,
};
use jiff::SignedDuration;
use store::{Change, Scope, billing::BillingFacts};
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
    let (found, price, Cleared { same, trial }) = match found {
        Some(found) => {
            *customer = Some(found.clone());
            let asked = Box::pin(async {
                tokio::try_join!(account.open_sessions(&found), request.sold_price(&checkout.price))
            });
            let (sessions, price) = asked.await?;
            let wanted = WantedPage { checkout, price: &price };
            match clear(request, &found, wanted, sessions).await? {
                Ok(cleared) => (found, price, cleared),
                Err(why) => return Ok(OrderAnswer::Moot(why)),
            }
        }
        // A new customer has neither sessions nor subscriptions.
        None => {
            let name = checkout.customer_name.as_ref().map_or_else(|| workspace.to_string(), ToString::to_string);
            let key = intent.key(workspace, CallStep::Customer);
            let asked = Box::pin(async {
                tokio::join!(account.create_customer(workspace, &name, &key), request.sold_price(&checkout.price))
            });
            let (made, price) = asked.await;
            let made = made?;
            *customer = Some(made.clone());
            (made, price?, Cleared { same: None, trial: checkout.trial.map(|trial| trial.days) })
        }
    };
    let session = match same {
        Some(session) => session,
        None => {
            let new = NewSession {
                workspace,
                customer: &found,
                price: &price.id,
                quantity: checkout.quantity,
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
            let Checkout { plan, interval, quantity, .. } = *checkout;
            let (currency, expires_at) = (Some(price.name.currency), session.expires_at);
            let session = session.id;
            let page = PendingCheckout { session, url, plan, interval, currency, quantity, trial, expires_at };
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

/// The page that a checkout opens.
#[derive(Clone, Copy)]
struct WantedPage<'a> {
    checkout: &'a Checkout,
    price: &'a SoldPrice,
}

impl WantedPage<'_> {
    /// True if `session` sells the same price as often and leads back to the same URLs.
    fn is_like(&self, session: &Session) -> bool {
        let sells = (session.price.as_ref(), session.quantity) == (Some(&self.price.id), self.checkout.quantity);
        sells && session.leads_back_to(self.checkout)
    }
}

/// Closes all of the open `sessions` of `customer` except one for the same order, and ends subscriptions that give nothing.
/// Returns the reason if the customer has a subscription.
///
/// Sessions are read first: one that is paid in the meantime is found as a subscription, and its trial counts as used.
async fn clear(
    request: &OrderRequest<'_>,
    customer: &str,
    wanted: WantedPage<'_>,
    sessions: Vec<Session>,
) -> Result<Result<Cleared, OrderError>, stripe::Error> {
    let account = request.account;
    let (candidates, others): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| wanted.is_like(session));
    if !close(account, &others).await? {
        return Ok(Err(OrderError::AlreadySubscribed));
    }
    let subscriptions = account.subscriptions(customer).await?;
    let subscriptions = if subscriptions.iter().any(|held| held.status.is_payable()) {
        match replace(request, customer, wanted.price).await? {
            Ok(held) => held.subscriptions,
            Err(why) => return Ok(Err(why)),
        }
    } else {
        subscriptions
    };
    let trialed_at = newest_trial(&subscriptions);
    let trial = wanted.checkout.trial.filter(|trial| trial.is_left(trialed_at)).map(|trial| trial.days);
    let (mut same, mut others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|session| session.trial == trial);
    others.extend(same.split_off(same.len().min(1)));
    let closed = close(account, &others).await?;
    Ok(if closed { Ok(Cleared { same: same.pop(), trial }) } else { Err(OrderError::AlreadySubscribed) })
}

/// Ends the subscriptions that give nothing, and returns what the customer has then. Returns the reason if a subscription
/// is left.
async fn replace(
    request: &OrderRequest<'_>,
    customer: &str,
    price: &SoldPrice,
) -> Result<Result<CustomerAtStripe, OrderError>, stripe::Error> {
    let OrderRequest { account, plans, .. } = *request;
    let held = account.customer_at_stripe(customer).await?;
    if held.settled_unpaid(plans).is_some() {
        // The comparison collects what restores it.
        return Ok(Err(OrderError::PaymentPending));
    }
    if held.replaceable().next().is_some() {
        account.check_currency(customer, price.name.currency).await?;
    }
    for replaced in held.replaceable() {
        end_unpaid(request, &replaced.id).await?;
    }
    let held = account.customer_at_stripe(customer).await?;
    Ok(match held.refusal(plans) {
        Some(why) => Err(why),
        None => Ok(held),
    })
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
    billed: &BillingFacts,
    intent: &Intent,
    customer: String,
    page: PendingCheckout,
) -> Result<CheckoutView, Error> {
    let billing = &billed.billing;
    let now = with.store.ambient().now();
    let answer = CheckoutView { url: page.url.clone() };
    let entry = Entry::checkout_opened(&page);
    let next = Billing {
        version: billing.version.saturating_add(1),
        customer: Some(customer),
        pending_checkout: Some(page),
        open: None,
        last_command: billing.last_command.clone().map(LastCommand::done),
        refusal: None,
        ..billing.clone()
    };
    let next = next.with_next_comparison(now);
    // A contract was set in the meantime, and the comparison closes the page; or a subscription was ended for it.
    let replaced = next.subscription.as_ref().is_some_and(Subscription::is_replaceable);
    let next = if next.contract.is_some() || replaced { Billing { due_at: Some(now), ..next } } else { next };
    let person = Scope::on_behalf_of(scope, intent.actor, intent.origin.clone()).named(intent.actor_name.clone());
    let scope = person.with_head(billed.log.clone());
    let mut change = Change::<Error>::begin(&with.store, &scope, entry, now)?;
    change.write_billing(billing, &next, Error::ChangedMeanwhile)?;
    change.close_intent(intent, &answer, Error::ChangedMeanwhile, now)?;
    change.commit(None, (), now).await?;
    Ok(answer)
}
