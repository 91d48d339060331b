//! Subscriptions (<https://docs.stripe.com/api/subscriptions>).

use super::subscription_params;
use crate::{
    api::{
        filters::{Created, customer, is},
        page::Page,
    },
    error::{ApiError, Result},
    ids::SubscriptionId,
    model::{Subscription, SubscriptionStatus},
    params::Params,
    state::State,
    transitions::subscriptions::CancelRequest,
    view,
};
use serde_json::Value;

/// Statuses that a list is filtered by (<https://docs.stripe.com/api/subscriptions/list>, `status`).
#[derive(Debug)]
enum Statuses {
    NotCanceled,
    All,
    Ended,
    One(String),
}

impl Statuses {
    fn read(params: &mut Params) -> Result<Self> {
        const KNOWN: [&str; 8] =
            ["incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled", "paused"];
        match params.text("status")? {
            None => Ok(Self::NotCanceled),
            Some(word) if word == "all" => Ok(Self::All),
            Some(word) if word == "ended" => Ok(Self::Ended),
            Some(word) if KNOWN.contains(&word.as_str()) => Ok(Self::One(word)),
            Some(_) => {
                let message = format!("Invalid status: must be one of all, ended, {}", KNOWN.join(", "));
                Err(ApiError::invalid("status", message))
            }
        }
    }

    fn hold(&self, status: SubscriptionStatus) -> bool {
        match self {
            Self::NotCanceled => status != SubscriptionStatus::Canceled,
            Self::All => true,
            Self::Ended => matches!(status, SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired),
            Self::One(word) => view::subscription_status(status) == word,
        }
    }
}

/// <https://docs.stripe.com/api/subscriptions/list>
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let (customer, price) = (customer(state, &mut params)?, params.text("price")?);
    let statuses = Statuses::read(&mut params)?;
    params.finish()?;
    let wanted = |subscription: &Subscription| {
        created.holds(subscription.created)
            && is(customer.as_ref(), subscription.customer.as_str())
            && price.as_ref().is_none_or(|price| subscription.items.iter().any(|item| item.price.as_str() == price))
            && statuses.hold(subscription.status)
    };
    page.of(&state.subscriptions, "/v1/subscriptions", wanted, |each| view::subscription(state, each))
}

/// <https://docs.stripe.com/api/subscriptions/create>
pub(crate) fn create(state: &mut State, params: Params) -> Result<Value> {
    let (new, behavior) = subscription_params::new(state, params)?;
    let id = state.create_subscription(new, behavior)?;
    show(state, &id)
}

/// <https://docs.stripe.com/api/subscriptions/retrieve>
pub(crate) fn retrieve(state: &State, id: &SubscriptionId, params: Params) -> Result<Value> {
    params.finish()?;
    view::subscription(state, state.subscriptions.find(id, "id")?)
}

/// <https://docs.stripe.com/api/subscriptions/update>
pub(crate) fn update(state: &mut State, id: &SubscriptionId, params: Params) -> Result<Value> {
    let update = subscription_params::update(params)?;
    state.update_subscription(id, update)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/subscriptions/cancel>
pub(crate) fn cancel(state: &mut State, id: &SubscriptionId, mut params: Params) -> Result<Value> {
    let (invoice_now, prorate) = (params.flag("invoice_now")? == Some(true), params.flag("prorate")? == Some(true));
    let (comment, feedback) = subscription_params::details(&mut params)?;
    params.finish()?;
    if prorate && !invoice_now {
        return Err(ApiError::not_modelled("prorate", "a credit without `invoice_now`"));
    }
    state.cancel_subscription(id, CancelRequest { invoice_now, prorate, comment, feedback })?;
    show(state, id)
}

fn show(state: &State, id: &SubscriptionId) -> Result<Value> {
    view::subscription(state, state.subscriptions.known(id)?)
}
