//! Refunds (<https://docs.stripe.com/api/refunds>) and disputes (<https://docs.stripe.com/api/disputes>).

use super::{filters::is, page::Page};
use crate::{
    error::{ApiError, Result},
    ids::{ChargeId, DisputeId, Id, IntentId, RefundId},
    model::{Dispute, Refund},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/refunds/list>
pub(super) fn list_refunds(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let (charge, intent) = (params.text("charge")?, params.text("payment_intent")?);
    params.finish()?;
    let wanted =
        |refund: &Refund| is(charge.as_ref(), refund.charge.as_str()) && is(intent.as_ref(), refund.of.intent.as_str());
    page.of(&state.refunds, "/v1/refunds", wanted, |refund| Ok(view::refund(refund)))
}

/// <https://docs.stripe.com/api/refunds/create>
pub(super) fn create_refund(state: &mut State, mut params: Params) -> Result<Value> {
    let charge = params.text("charge")?.as_deref().map(ChargeId::given);
    let intent = params.text("payment_intent")?.as_deref().map(IntentId::given);
    let amount = params.integer("amount")?;
    let words = ["duplicate", "fraudulent", "requested_by_customer"].map(|word| (word, word));
    let reason = params.choice("reason", &words)?.map(str::to_owned);
    let metadata = params.metadata("metadata")?.fresh()?;
    params.finish()?;
    let charge = match (charge, intent) {
        (Some(charge), None) => charge,
        (None, Some(intent)) => {
            let latest = state.intents.find(&intent, "payment_intent")?.latest_charge.clone();
            latest.ok_or_else(|| ApiError::refused(format!("The PaymentIntent {intent} has no charge to refund.")))?
        }
        (None, None) | (Some(_), Some(_)) => {
            return Err(ApiError::invalid("charge", "One of `charge` and `payment_intent` is required."));
        }
    };
    let id = state.refund(&charge, amount, reason, metadata)?;
    Ok(view::refund(state.refunds.known(&id)?))
}

/// <https://docs.stripe.com/api/refunds/retrieve>
pub(super) fn retrieve_refund(state: &State, id: &RefundId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::refund(state.refunds.find(id, "id")?))
}

/// <https://docs.stripe.com/api/disputes/list>
pub(super) fn list_disputes(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let (charge, intent) = (params.text("charge")?, params.text("payment_intent")?);
    params.finish()?;
    let wanted = |dispute: &Dispute| {
        is(charge.as_ref(), dispute.charge.id.as_str()) && is(intent.as_ref(), dispute.charge.intent.as_str())
    };
    page.of(&state.disputes, "/v1/disputes", wanted, |dispute| Ok(view::dispute(state, dispute)))
}

/// <https://docs.stripe.com/api/disputes/retrieve>
pub(super) fn retrieve_dispute(state: &State, id: &DisputeId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::dispute(state, state.disputes.find(id, "id")?))
}
