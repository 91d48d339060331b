//! Customers (<https://docs.stripe.com/api/customers>).

use super::{filters::Created, page::Page};
use crate::{
    error::Result,
    ids::{CustomerId, Id},
    model::Customer,
    params::{Change, Params},
    state::State,
    transitions::customers::CustomerFields,
    view,
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/customers/list>
pub(super) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let email = params.text("email")?;
    params.finish()?;
    // The filter by e-mail address is case-sensitive, and lists leave out deleted customers.
    let wanted = |customer: &Customer| {
        !customer.deleted && created.holds(customer.created) && (email.is_none() || email == customer.email)
    };
    page.of(&state.customers, "/v1/customers", wanted, |customer| Ok(view::customer(customer)))
}

/// <https://docs.stripe.com/api/customers/create>
pub(super) fn create(state: &mut State, params: Params) -> Result<Value> {
    let fields = fields(params)?;
    let id = state.create_customer(fields)?;
    show(state, &id)
}

/// <https://docs.stripe.com/api/customers/retrieve>: a deleted customer is found too, with only its id.
pub(super) fn retrieve(state: &State, id: &CustomerId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::customer(state.customers.find(id, "id")?))
}

/// <https://docs.stripe.com/api/customers/update>
pub(super) fn update(state: &mut State, id: &CustomerId, params: Params) -> Result<Value> {
    let fields = fields(params)?;
    state.update_customer(id, fields)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/customers/delete>
pub(super) fn delete(state: &mut State, id: &CustomerId, params: Params) -> Result<Value> {
    params.finish()?;
    state.delete_customer(id)?;
    Ok(json!({ "id": id.as_str(), "object": "customer", "deleted": true }))
}

fn fields(mut params: Params) -> Result<CustomerFields> {
    let default_payment_method = match params.hash("invoice_settings")? {
        Some(mut settings) => {
            let method = settings.text_change("default_payment_method")?;
            settings.finish()?;
            match method {
                Change::Keep => Change::Keep,
                Change::Clear => Change::Clear,
                Change::Set(id) => Change::Set(Id::given(&id)),
            }
        }
        None => Change::Keep,
    };
    let fields = CustomerFields {
        name: params.text_change("name")?,
        email: params.text_change("email")?,
        phone: params.text_change("phone")?,
        description: params.text_change("description")?,
        metadata: params.metadata("metadata")?,
        balance: params.integer("balance")?,
        default_payment_method,
    };
    params.finish()?;
    Ok(fields)
}

fn show(state: &State, id: &CustomerId) -> Result<Value> {
    Ok(view::customer(state.customers.known(id)?))
}
