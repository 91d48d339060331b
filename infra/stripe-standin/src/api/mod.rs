//! Stripe's API (<https://docs.stripe.com/api>): turns a request into a change of the state and returns the resulting
//! object. It does not know the HTTP server; keys, idempotency and faults are in `desk`.

mod account;
mod billing;
mod billing_portal;
mod catalogue;
mod checkout;
mod customers;
mod events;
mod filters;
mod page;
mod payments;
mod reversals;

use crate::{
    error::{ApiError, Result},
    ids::Id,
    params::Params,
    state::State,
    view,
};
use billing::{invoices, schedules, subscription_items, subscriptions};
use catalogue::{discounts, prices, products};
use serde_json::Value;

/// Effect of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Delete,
}

impl Verb {
    /// Verb of an HTTP method.
    pub(crate) fn of(method: &http::Method) -> Option<Self> {
        [(http::Method::GET, Self::Get), (http::Method::POST, Self::Post), (http::Method::DELETE, Self::Delete)]
            .into_iter()
            .find_map(|(known, verb)| (*method == known).then_some(verb))
    }

    /// Returns the name of the HTTP method.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// Executes a request below `/v1` and expands the properties that it asks for in the answer.
pub(crate) fn execute(state: &mut State, verb: Verb, path: &str, mut params: Params) -> Result<Value> {
    let expanded = params.texts("expand")?;
    let mut answer = dispatch(state, verb, path, params)?;
    view::expand(state, &mut answer, &expanded)?;
    Ok(answer)
}

fn dispatch(state: &mut State, verb: Verb, path: &str, params: Params) -> Result<Value> {
    use Verb::{Delete, Get, Post};
    let steps: Vec<_> = path.trim_matches('/').split('/').collect();
    match (verb, steps.as_slice()) {
        (Get, ["v1", "account"]) => account::retrieve(state, params),

        (Get, ["v1", "products"]) => products::list(state, params),
        (Post, ["v1", "products"]) => products::create(state, params),
        (Get, ["v1", "products", id]) => products::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "products", id]) => products::update(state, &Id::given(id), params),
        (Get, ["v1", "prices"]) => prices::list(state, params),
        (Post, ["v1", "prices"]) => prices::create(state, params),
        (Get, ["v1", "prices", id]) => prices::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "prices", id]) => prices::update(state, &Id::given(id), params),

        (Get, ["v1", "coupons"]) => discounts::list_coupons(state, params),
        (Post, ["v1", "coupons"]) => discounts::create_coupon(state, params),
        (Get, ["v1", "coupons", id]) => discounts::retrieve_coupon(state, &Id::given(id), params),
        (Get, ["v1", "promotion_codes"]) => discounts::list_codes(state, params),
        (Post, ["v1", "promotion_codes"]) => discounts::create_code(state, params),
        (Get, ["v1", "promotion_codes", id]) => discounts::retrieve_code(state, &Id::given(id), params),

        (Get, ["v1", "customers"]) => customers::list(state, params),
        (Post, ["v1", "customers"]) => customers::create(state, params),
        (Get, ["v1", "customers", id]) => customers::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "customers", id]) => customers::update(state, &Id::given(id), params),
        (Delete, ["v1", "customers", id]) => customers::delete(state, &Id::given(id), params),
        (Get, ["v1", "customers", id, "payment_methods"]) => payments::list_methods_of(state, &Id::given(id), params),
        (Get, ["v1", "customers", _, "payment_methods", id]) => {
            payments::retrieve_method(state, &Id::given(id), params)
        }

        (Get, ["v1", "payment_methods"]) => payments::list_methods(state, params),
        (Get, ["v1", "payment_methods", id]) => payments::retrieve_method(state, &Id::given(id), params),
        (Post, ["v1", "payment_methods", name, "attach"]) => payments::attach_method(state, name, params),
        (Get, ["v1", "payment_intents", id]) => payments::retrieve_intent(state, &Id::given(id), params),
        (Get, ["v1", "charges"]) => payments::list_charges(state, params),
        (Get, ["v1", "charges", id]) => payments::retrieve_charge(state, &Id::given(id), params),

        (Get, ["v1", "refunds"]) => reversals::list_refunds(state, params),
        (Post, ["v1", "refunds"]) => reversals::create_refund(state, params),
        (Get, ["v1", "refunds", id]) => reversals::retrieve_refund(state, &Id::given(id), params),
        (Get, ["v1", "disputes"]) => reversals::list_disputes(state, params),
        (Get, ["v1", "disputes", id]) => reversals::retrieve_dispute(state, &Id::given(id), params),

        (Get, ["v1", "checkout", "sessions"]) => checkout::list(state, params),
        (Post, ["v1", "checkout", "sessions"]) => checkout::create(state, params),
        (Get, ["v1", "checkout", "sessions", id]) => checkout::retrieve(state, &Id::given(id), params),
        (Get, ["v1", "checkout", "sessions", id, "line_items"]) => checkout::line_items(state, &Id::given(id), params),
        (Post, ["v1", "checkout", "sessions", id, "expire"]) => checkout::expire(state, &Id::given(id), params),

        (Get, ["v1", "subscriptions"]) => subscriptions::list(state, params),
        (Post, ["v1", "subscriptions"]) => subscriptions::create(state, params),
        (Get, ["v1", "subscriptions", id]) => subscriptions::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "subscriptions", id]) => subscriptions::update(state, &Id::given(id), params),
        (Delete, ["v1", "subscriptions", id]) => subscriptions::cancel(state, &Id::given(id), params),

        (Get, ["v1", "subscription_items"]) => subscription_items::list(state, params),
        (Post, ["v1", "subscription_items"]) => subscription_items::create(state, params),
        (Get, ["v1", "subscription_items", id]) => subscription_items::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "subscription_items", id]) => subscription_items::update(state, &Id::given(id), params),
        (Delete, ["v1", "subscription_items", id]) => subscription_items::delete(state, &Id::given(id), params),

        (Get, ["v1", "subscription_schedules"]) => schedules::list(state, params),
        (Post, ["v1", "subscription_schedules"]) => schedules::create(state, params),
        (Get, ["v1", "subscription_schedules", id]) => schedules::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "subscription_schedules", id]) => schedules::update(state, &Id::given(id), params),
        (Post, ["v1", "subscription_schedules", id, "release"]) => schedules::release(state, &Id::given(id), params),
        (Post, ["v1", "subscription_schedules", id, "cancel"]) => schedules::cancel(state, &Id::given(id), params),

        (Get, ["v1", "invoices"]) => invoices::list(state, params),
        (Post, ["v1", "invoices", "create_preview"]) => invoices::preview(state, params),
        (Get, ["v1", "invoices", id]) => invoices::retrieve(state, &Id::given(id), params),
        (Post, ["v1", "invoices", id]) => invoices::update(state, &Id::given(id), params),
        (Get, ["v1", "invoices", id, "lines"]) => invoices::lines(state, &Id::given(id), params),
        (Post, ["v1", "invoices", id, "finalize"]) => invoices::finalize(state, &Id::given(id), params),
        (Post, ["v1", "invoices", id, "pay"]) => invoices::pay(state, &Id::given(id), params),
        (Post, ["v1", "invoices", id, "void"]) => invoices::void(state, &Id::given(id), params),
        (Post, ["v1", "invoices", id, "mark_uncollectible"]) => invoices::write_off(state, &Id::given(id), params),

        (Post, ["v1", "billing_portal", "sessions"]) => billing_portal::create_session(state, params),
        (Get, ["v1", "billing_portal", "configurations"]) => billing_portal::list_configurations(state, params),
        (Get, ["v1", "billing_portal", "configurations", id]) => {
            billing_portal::retrieve_configuration(state, &Id::given(id), params)
        }

        (Get, ["v1", "events"]) => events::list(state, params),
        (Get, ["v1", "events", id]) => events::retrieve(state, &Id::given(id), params),

        (Get | Post | Delete, _) => Err(ApiError::no_route(verb.name(), path)),
    }
}
