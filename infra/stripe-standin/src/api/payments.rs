//! Payment methods, payment intents and charges.

use super::{
    filters::{Created, customer, is},
    page::Page,
};
use crate::{
    error::Result,
    ids::{ChargeId, CustomerId, Id, IntentId, PaymentMethodId},
    model::{Charge, PaymentMethod},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/payment_methods/list>
pub(super) fn list_methods(state: &State, mut params: Params) -> Result<Value> {
    let customer = params.text("customer")?;
    list(state, customer.as_deref().map(CustomerId::given), "/v1/payment_methods", params)
}

/// <https://docs.stripe.com/api/payment_methods/customer_list>
pub(super) fn list_methods_of(state: &State, customer: &CustomerId, params: Params) -> Result<Value> {
    let url = format!("/v1/customers/{customer}/payment_methods");
    list(state, Some(customer.clone()), &url, params)
}

fn list(state: &State, customer: Option<CustomerId>, url: &str, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let kind = params.text("type")?;
    params.finish()?;
    if let Some(customer) = &customer {
        state.customers.find(customer, "customer")?;
    }
    // Without a customer, the list is of unattached payment methods, which exist in Treasury only.
    let wanted = |method: &PaymentMethod| {
        customer.is_some() && method.customer == customer && is(kind.as_ref(), view::method_type(method.kind))
    };
    page.of(&state.payment_methods, url, wanted, |method| Ok(view::payment_method(method)))
}

/// <https://docs.stripe.com/api/payment_methods/retrieve>
pub(super) fn retrieve_method(state: &State, id: &PaymentMethodId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::payment_method(state.payment_methods.find(id, "id")?))
}

/// <https://docs.stripe.com/api/payment_methods/attach>, for the names of test cards
/// (<https://docs.stripe.com/testing#cards>).
pub(super) fn attach_method(state: &mut State, name: &str, mut params: Params) -> Result<Value> {
    let customer = CustomerId::given(&params.required("customer")?);
    params.finish()?;
    let id = state.attach_card(&customer, name)?;
    Ok(view::payment_method(state.payment_methods.known(&id)?))
}

/// <https://docs.stripe.com/api/payment_intents/retrieve>
pub(super) fn retrieve_intent(state: &State, id: &IntentId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::intent(state.intents.find(id, "id")?))
}

/// <https://docs.stripe.com/api/charges/list>
pub(super) fn list_charges(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let (customer, intent) = (customer(state, &mut params)?, params.text("payment_intent")?);
    params.finish()?;
    let wanted = |charge: &Charge| {
        created.holds(charge.created)
            && is(customer.as_ref(), charge.customer.as_str())
            && is(intent.as_ref(), charge.intent.as_str())
    };
    page.of(&state.charges, "/v1/charges", wanted, |charge| Ok(view::charge(state, charge)))
}

/// <https://docs.stripe.com/api/charges/retrieve>
pub(super) fn retrieve_charge(state: &State, id: &ChargeId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::charge(state, state.charges.find(id, "id")?))
}
