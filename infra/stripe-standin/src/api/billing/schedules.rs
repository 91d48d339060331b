//! Subscription schedules (<https://docs.stripe.com/api/subscription_schedules>).

use super::subscription_params;
use crate::{
    api::{
        catalogue::discounts,
        checkout::automatic_tax,
        filters::{customer, is},
        page::Page,
    },
    calendar::{Interval, nth, period_at},
    error::{ApiError, Result},
    ids::{Id, ScheduleId, SubscriptionId},
    model::{EndBehavior, Phase, ProrationBehavior, Schedule},
    params::Params,
    state::State,
    transitions::schedules::ScheduleUpdate,
    view,
};
use jiff::Timestamp;
use serde_json::Value;

/// <https://docs.stripe.com/api/subscription_schedules/list>
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let customer = customer(state, &mut params)?;
    params.finish()?;
    let wanted = |schedule: &Schedule| is(customer.as_ref(), schedule.customer.as_str());
    page.of(&state.schedules, "/v1/subscription_schedules", wanted, |schedule| view::schedule(state, schedule))
}

/// <https://docs.stripe.com/api/subscription_schedules/create>
pub(crate) fn create(state: &mut State, mut params: Params) -> Result<Value> {
    let from = params.text("from_subscription")?;
    let from = from.ok_or_else(|| {
        ApiError::not_modelled("from_subscription", "schedules that do not begin with a subscription")
    })?;
    params.finish()?;
    let id = state.create_schedule(&SubscriptionId::given(&from))?;
    show(state, &id)
}

/// <https://docs.stripe.com/api/subscription_schedules/retrieve>
pub(crate) fn retrieve(state: &State, id: &ScheduleId, params: Params) -> Result<Value> {
    params.finish()?;
    view::schedule(state, state.schedules.find(id, "id")?)
}

/// <https://docs.stripe.com/api/subscription_schedules/update>
pub(crate) fn update(state: &mut State, id: &ScheduleId, mut params: Params) -> Result<Value> {
    let words = [("release", EndBehavior::Release), ("cancel", EndBehavior::Cancel)];
    let end_behavior = params.choice("end_behavior", &words)?;
    let proration = subscription_params::proration(&mut params)?;
    let metadata = params.metadata("metadata")?;
    let phases = phases(state, params.hashes("phases")?)?;
    params.finish()?;
    state.update_schedule(id, ScheduleUpdate { phases, end_behavior, metadata, proration })?;
    show(state, id)
}

/// <https://docs.stripe.com/api/subscription_schedules/release>
pub(crate) fn release(state: &mut State, id: &ScheduleId, mut params: Params) -> Result<Value> {
    let preserve = params.flag("preserve_cancel_date")?.unwrap_or(false);
    params.finish()?;
    state.release_schedule(id, preserve)?;
    show(state, id)
}

/// <https://docs.stripe.com/api/subscription_schedules/cancel>
pub(crate) fn cancel(state: &mut State, id: &ScheduleId, params: Params) -> Result<Value> {
    params.finish()?;
    state.cancel_schedule(id)?;
    show(state, id)
}

fn phases(state: &State, list: Vec<Params>) -> Result<Option<Vec<Phase>>> {
    if list.is_empty() {
        return Ok(None);
    }
    let mut phases: Vec<Phase> = Vec::new();
    for params in list {
        let start = phases.last().map(|previous| previous.end);
        phases.push(phase(state, params, start)?);
    }
    Ok(Some(phases))
}

/// Reads one phase. It begins at its own start or where the previous phase ends, and lasts for its own duration or one
/// period of its price.
fn phase(state: &State, mut params: Params, previous_end: Option<Timestamp>) -> Result<Phase> {
    let (start_name, items_name) = (params.name("start_date"), params.name("items"));
    let items = subscription_params::new_items(&mut params)?;
    let mut interval = Interval::Month;
    for (index, item) in items.iter().enumerate() {
        interval = state.known_price(&item.price, &format!("{items_name}[{index}][price]"))?.interval;
    }
    let start = match params.text("start_date")?.as_deref() {
        Some("now") => state.now,
        Some(text) => seconds(text).ok_or_else(|| ApiError::invalid(&start_name, "Invalid timestamp"))?,
        None => previous_end.ok_or_else(|| {
            let message = "The subscription schedule update is missing at least one phase with a `start_date` to \
                           anchor end dates to.";
            ApiError::invalid(&start_name, message)
        })?,
    };
    let end = match (params.time("end_date")?, params.hash("duration")?) {
        (Some(end), None) => end,
        (None, Some(duration)) => after(start, duration)?,
        (None, None) => period_at(start, interval, start).end,
        (Some(_), Some(_)) => {
            let message = "You may only specify one of `end_date` and `duration`.";
            return Err(ApiError::invalid(&params.name("end_date"), message));
        }
    };
    let phase = Phase {
        start,
        end,
        items,
        proration: subscription_params::proration(&mut params)?.unwrap_or(ProrationBehavior::CreateProrations),
        metadata: params.metadata("metadata")?.fresh()?,
        discounts: discounts::read(&mut params)?.unwrap_or_default(),
        trial_end: params.time("trial_end")?,
        automatic_tax: if params.has("automatic_tax") { Some(automatic_tax(&mut params)?) } else { None },
        description: params.text("description")?,
    };
    params.finish()?;
    Ok(phase)
}

/// <https://docs.stripe.com/api/subscription_schedules/update>, `phases.duration`
fn after(start: Timestamp, mut duration: Params) -> Result<Timestamp> {
    let words = [("month", Interval::Month), ("year", Interval::Year)];
    let name = duration.name("interval");
    let interval = duration.choice("interval", &words)?.ok_or_else(|| ApiError::required(&name))?;
    let count = duration.integer("interval_count")?.unwrap_or(1);
    duration.finish()?;
    Ok(nth(start, interval, count.clamp(1, 120)))
}

fn seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.parse().ok()?).ok()
}

fn show(state: &State, id: &ScheduleId) -> Result<Value> {
    view::schedule(state, state.schedules.known(id)?)
}
