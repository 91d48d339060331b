//! Items of subscriptions (<https://docs.stripe.com/api/subscription_items>). A change of one is an update of its
//! subscription.

use super::subscription_params;
use crate::{
    api::page::Page,
    error::{ApiError, Result},
    ids::{Id, ItemId, PriceId, SubscriptionId},
    model::{Item, ItemChange, NewItem, Subscription},
    params::Params,
    shelf::Shelf,
    state::State,
    transitions::subscriptions::{PaymentBehavior, SubscriptionUpdate},
    view,
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/subscription_items/list>
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let id = SubscriptionId::given(&params.required("subscription")?);
    params.finish()?;
    let subscription = state.subscriptions.find(&id, "subscription")?;
    let items = Shelf::listing(&subscription.items, |item| &item.id);
    page.of(&items, "/v1/subscription_items", |_| true, |item| view::subscription_item(state, subscription, item))
}

/// <https://docs.stripe.com/api/subscription_items/create>
pub(crate) fn create(state: &mut State, mut params: Params) -> Result<Value> {
    let id = SubscriptionId::given(&params.required("subscription")?);
    let price = PriceId::given(&params.required("price")?);
    let quantity = subscription_params::quantity(&mut params)?.unwrap_or(1);
    let update = update_of(params, ItemChange::Add(NewItem { price, quantity }))?;
    if update.payment == PaymentBehavior::Wait {
        return Err(ApiError::not_modelled("payment_behavior", "pending updates that add an item on its own"));
    }
    let before = state.subscriptions.find(&id, "subscription")?.clone();
    state.update_subscription(&id, update)?;
    let after = state.subscriptions.known(&id)?;
    let added = after.items.iter().find(|item| before.items.iter().all(|known| known.id != item.id));
    let added = added.ok_or_else(|| ApiError::broken(format!("{id} has no new item")))?;
    view::subscription_item(state, after, added)
}

/// <https://docs.stripe.com/api/subscription_items/retrieve>
pub(crate) fn retrieve(state: &State, id: &ItemId, params: Params) -> Result<Value> {
    params.finish()?;
    show(state, id)
}

/// <https://docs.stripe.com/api/subscription_items/update>
pub(crate) fn update(state: &mut State, id: &ItemId, mut params: Params) -> Result<Value> {
    let price = params.text("price")?.as_deref().map(PriceId::given);
    let quantity = subscription_params::quantity(&mut params)?;
    let update = update_of(params, ItemChange::Change { id: id.clone(), price, quantity })?;
    let subscription = find(state, id)?.0.id.clone();
    state.update_subscription(&subscription, update)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/subscription_items/delete>
pub(crate) fn delete(state: &mut State, id: &ItemId, params: Params) -> Result<Value> {
    let update = update_of(params, ItemChange::Delete { id: id.clone() })?;
    let subscription = find(state, id)?.0.id.clone();
    state.update_subscription(&subscription, update)?;
    Ok(json!({ "id": id.as_str(), "object": "subscription_item", "deleted": true }))
}

/// Takes the rest of the parameters.
fn update_of(mut params: Params, change: ItemChange) -> Result<SubscriptionUpdate> {
    let mut update = SubscriptionUpdate { items: vec![change], ..SubscriptionUpdate::default() };
    update.proration = subscription_params::proration(&mut params)?.unwrap_or(update.proration);
    update.proration_date = params.time("proration_date")?;
    update.payment = subscription_params::payment(&mut params)?;
    params.finish()?;
    Ok(update)
}

/// Finds the item and the subscription that has it.
fn find<'a>(state: &'a State, id: &ItemId) -> Result<(&'a Subscription, &'a Item)> {
    let found =
        state.subscriptions.iter().find_map(|each| Some((each, each.items.iter().find(|item| item.id == *id)?)));
    found.ok_or_else(|| ApiError::missing(ItemId::NOUN, id.as_str(), "id"))
}

fn show(state: &State, id: &ItemId) -> Result<Value> {
    let (subscription, item) = find(state, id)?;
    view::subscription_item(state, subscription, item)
}
