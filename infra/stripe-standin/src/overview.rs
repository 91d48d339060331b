//! The complete content of the stand-in as one JSON document: each customer with their objects.

use crate::{ids::CustomerId, model::Customer, view, world::World};
use serde_json::{Value, json};

/// Builds the document.
pub(crate) fn state(world: &World) -> Value {
    let state = &world.state;
    json!({
        "now": state.now.as_second(),
        "customers": state.customers.iter().map(|each| customer(world, each)).collect::<Vec<_>>(),
        "account": state.settings.account,
        "products": state.products.iter().map(view::product).collect::<Vec<_>>(),
        "prices": state.prices.iter().map(view::price).collect::<Vec<_>>(),
        "faults": world.faults,
        "delivery": {
            "faults": world.mailbox.faults,
            "waiting": world.mailbox.waiting(),
            "next_due": world.mailbox.next_due().map(jiff::Timestamp::as_second),
            "tries": world.mailbox.tries,
        },
    })
}

fn customer(world: &World, customer: &Customer) -> Value {
    let state = &world.state;
    let id = &customer.id;
    let own = |owner: &CustomerId| owner == id;
    let subscriptions = state.subscriptions.newest().filter(|each| own(&each.customer));
    let sessions = state.sessions.newest().filter(|each| own(&each.new.customer));
    let schedules = state.schedules.newest().filter(|each| own(&each.customer));
    let mut object = view::customer(customer);
    if let Some(fields) = object.as_object_mut() {
        let mut put = |name: &str, list: Vec<Value>| fields.insert(name.to_owned(), Value::Array(list));
        put("subscriptions", subscriptions.filter_map(|each| view::subscription(state, each).ok()).collect());
        put("checkout_sessions", sessions.filter_map(|each| view::session(state, each).ok()).collect());
        put("schedules", schedules.filter_map(|each| view::schedule(state, each).ok()).collect());
        let invoices = state.invoices.newest().filter(|each| own(&each.customer));
        put("invoices", invoices.map(|each| view::invoice(state, each)).collect());
        let methods = state.payment_methods.newest().filter(|each| each.customer.as_ref().is_some_and(own));
        put("payment_methods", methods.map(view::payment_method).collect());
        let charges = state.charges.newest().filter(|each| own(&each.customer));
        put("charges", charges.map(|each| view::charge(state, each)).collect());
        fields.insert("card_fails".to_owned(), json!(customer.cards_fail));
    }
    object
}
