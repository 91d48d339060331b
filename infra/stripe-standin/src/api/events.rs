//! Events of the last 30 days (<https://docs.stripe.com/api/events>).

use super::{filters::Created, page::Page};
use crate::{
    error::{ApiError, Result},
    ids::EventId,
    model::Event,
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/events/list>
pub(super) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let delivered = params.flag("delivery_success")?;
    let kind = params.text("type")?;
    let kinds = params.texts("types")?;
    params.finish()?;
    if kinds.len() > 20 {
        return Err(ApiError::invalid("types", "You can filter by up to 20 event types."));
    }
    let wanted = |event: &Event| {
        created.holds(event.created)
            && delivered.is_none_or(|delivered| delivered == event.delivered)
            && kind.as_ref().is_none_or(|kind| matches(kind, event.kind))
            && (kinds.is_empty() || kinds.iter().any(|kind| kind == event.kind))
    };
    page.of(&state.events, "/v1/events", wanted, |event| Ok(view::event(event)))
}

/// <https://docs.stripe.com/api/events/retrieve>
pub(super) fn retrieve(state: &State, id: &EventId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::event(state.events.find(id, "id")?))
}

/// Matches a type, or a group of types such as `charge.*`.
fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    }
}
