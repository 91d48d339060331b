//! Invoices (<https://docs.stripe.com/api/invoices>).

use super::subscription_params;
use crate::{
    api::{
        filters::{Created, customer, is},
        page::Page,
    },
    error::{ApiError, Result},
    ids::{Id, InvoiceId, SubscriptionId},
    model::{Invoice, InvoiceStatus},
    params::Params,
    shelf::Shelf,
    state::State,
    transitions::{preview::PreviewRequest, subscriptions::SubscriptionUpdate},
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/invoices/list>
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let (customer, subscription) = (customer(state, &mut params)?, params.text("subscription")?);
    let words = [
        ("draft", InvoiceStatus::Draft),
        ("open", InvoiceStatus::Open),
        ("paid", InvoiceStatus::Paid),
        ("uncollectible", InvoiceStatus::Uncollectible),
        ("void", InvoiceStatus::Void),
    ];
    let status = params.choice("status", &words)?;
    params.finish()?;
    let wanted = |invoice: &Invoice| {
        created.holds(invoice.created)
            && is(customer.as_ref(), invoice.customer.as_str())
            && is(subscription.as_ref(), invoice.subscription.as_str())
            && status.is_none_or(|status| status == invoice.status)
    };
    page.of(&state.invoices, "/v1/invoices", wanted, |invoice| Ok(view::invoice(state, invoice)))
}

/// <https://docs.stripe.com/api/invoices/retrieve>
pub(crate) fn retrieve(state: &State, id: &InvoiceId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::invoice(state, state.invoices.find(id, "id")?))
}

/// <https://docs.stripe.com/api/invoice-line-item/retrieve>
pub(crate) fn lines(state: &State, id: &InvoiceId, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    params.finish()?;
    let invoice = state.invoices.find(id, "id")?;
    let lines = Shelf::listing(&invoice.lines, |line| &line.id);
    page.of(&lines, &format!("/v1/invoices/{id}/lines"), |_| true, |line| view::invoice_line(state, invoice, line))
}

/// <https://docs.stripe.com/api/invoices/update>
pub(crate) fn update(state: &mut State, id: &InvoiceId, mut params: Params) -> Result<Value> {
    let advances = params.flag("auto_advance")?;
    params.finish()?;
    state.invoices.find(id, "id")?;
    state.set_auto_advance(id, advances)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/invoices/finalize>
pub(crate) fn finalize(state: &mut State, id: &InvoiceId, mut params: Params) -> Result<Value> {
    let advances = params.flag("auto_advance")?;
    params.finish()?;
    state.invoices.find(id, "id")?;
    state.finalize_invoice(id)?;
    if state.invoices.known(id)?.finalization_failed {
        return Err(ApiError::finalization_failed());
    }
    state.set_auto_advance(id, advances)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/invoices/pay>
pub(crate) fn pay(state: &mut State, id: &InvoiceId, mut params: Params) -> Result<Value> {
    let method = params.text("payment_method")?.as_deref().map(Id::given);
    params.finish()?;
    if let Some(method) = &method {
        state.payment_methods.find(method, "payment_method")?;
    }
    state.pay_invoice(id, method)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/invoices/void>
pub(crate) fn void(state: &mut State, id: &InvoiceId, params: Params) -> Result<Value> {
    params.finish()?;
    state.void_invoice(id)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/invoices/mark_uncollectible>
pub(crate) fn write_off(state: &mut State, id: &InvoiceId, params: Params) -> Result<Value> {
    params.finish()?;
    state.write_off_invoice(id)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/invoices/create_preview>
pub(crate) fn preview(state: &State, mut params: Params) -> Result<Value> {
    let customer = customer(state, &mut params)?;
    let subscription = params.text("subscription")?;
    let update = match params.hash("subscription_details")? {
        Some(mut details) => {
            let mut update = SubscriptionUpdate::default();
            subscription_params::change(&mut details, &mut update)?;
            details.finish()?;
            Some(update)
        }
        None => None,
    };
    params.finish()?;
    let subscription = subscription.ok_or_else(|| {
        ApiError::not_modelled("subscription", "previews of something else than an existing subscription")
    })?;
    let subscription = SubscriptionId::given(&subscription);
    let owner = &state.subscriptions.find(&subscription, "subscription")?.customer;
    if customer.is_some_and(|customer| customer != owner.as_str()) {
        return Err(ApiError::invalid("subscription", "The subscription does not belong to that customer."));
    }
    let invoice = state.preview_invoice(PreviewRequest { subscription, update })?;
    Ok(view::preview(state, &invoice))
}

fn show(state: &State, id: &InvoiceId) -> Result<Value> {
    Ok(view::invoice(state, state.invoices.known(id)?))
}
