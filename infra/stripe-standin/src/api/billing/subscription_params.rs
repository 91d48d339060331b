//! Parameters of a subscription in requests that create, update or preview one.

use crate::{
    api::{catalogue::discounts, checkout::automatic_tax},
    error::{ApiError, Result},
    ids::{Id, ItemId, PriceId},
    model::{ItemChange, NewItem, Pause, PauseBehavior, ProrationBehavior},
    params::{Change, Params},
    state::State,
    transitions::subscriptions::{NewSubscription, PaymentBehavior, RequestedEnd, SubscriptionUpdate},
};
use jiff::{SignedDuration, Timestamp};

/// Takes `items` of something new.
pub(super) fn new_items(params: &mut Params) -> Result<Vec<NewItem>> {
    let mut items = Vec::new();
    for mut item in params.hashes("items")? {
        let price = Id::given(&item.required("price")?);
        let quantity = quantity(&mut item)?.unwrap_or(1);
        item.finish()?;
        items.push(NewItem { price, quantity });
    }
    if items.is_empty() { Err(ApiError::required(&params.name("items"))) } else { Ok(items) }
}

/// Takes `items` of an existing subscription. Without an id, a price is added.
fn item_changes(params: &mut Params) -> Result<Vec<ItemChange>> {
    let mut changes = Vec::new();
    for mut item in params.hashes("items")? {
        let (name, id) = (item.name("price"), item.text("id")?.as_deref().map(ItemId::given));
        let price = item.text("price")?.as_deref().map(PriceId::given);
        let (quantity, deleted) = (quantity(&mut item)?, item.flag("deleted")?.unwrap_or(false));
        item.finish()?;
        changes.push(match (id, price) {
            (Some(id), _) if deleted => ItemChange::Delete { id },
            (Some(id), price) => ItemChange::Change { id, price, quantity },
            (None, Some(price)) => ItemChange::Add(NewItem { price, quantity: quantity.unwrap_or(1) }),
            (None, None) => return Err(ApiError::required(&name)),
        });
    }
    Ok(changes)
}

/// Takes `quantity`.
pub(super) fn quantity(item: &mut Params) -> Result<Option<i64>> {
    let name = item.name("quantity");
    match item.unsigned("quantity")? {
        Some(0) => Err(ApiError::not_modelled(&name, "items with the quantity 0")),
        quantity => Ok(quantity),
    }
}

/// Takes `proration_behavior`.
pub(super) fn proration(params: &mut Params) -> Result<Option<ProrationBehavior>> {
    let words = [
        ("always_invoice", ProrationBehavior::AlwaysInvoice),
        ("create_prorations", ProrationBehavior::CreateProrations),
        ("none", ProrationBehavior::None),
    ];
    params.choice("proration_behavior", &words)
}

/// Takes `payment_behavior`.
pub(super) fn payment(params: &mut Params) -> Result<PaymentBehavior> {
    let words = [
        ("allow_incomplete", PaymentBehavior::Apply),
        ("default_incomplete", PaymentBehavior::LeaveOpen),
        ("error_if_incomplete", PaymentBehavior::Refuse),
        ("pending_if_incomplete", PaymentBehavior::Wait),
    ];
    Ok(params.choice("payment_behavior", &words)?.unwrap_or(PaymentBehavior::Apply))
}

/// <https://docs.stripe.com/api/subscriptions/create>
pub(super) fn new(state: &State, mut params: Params) -> Result<(NewSubscription, PaymentBehavior)> {
    let customer = params.required("customer")?;
    let items = new_items(&mut params)?;
    let days = params.integer("trial_period_days")?;
    let trial = days.map(|days| state.after(SignedDuration::from_hours(24 * days.clamp(0, 730))));
    let new = NewSubscription {
        customer: Id::given(&customer),
        items,
        discounts: discounts::read(&mut params)?.unwrap_or_default(),
        metadata: params.metadata("metadata")?.fresh()?,
        description: params.text("description")?,
        default_payment_method: params.text("default_payment_method")?.as_deref().map(Id::given),
        trial_end: params.time("trial_end")?.or(trial),
        automatic_tax: automatic_tax(&mut params)?,
        pauses_without_method: pauses_without_method(&mut params)?,
    };
    let behavior = payment(&mut params)?;
    params.finish()?;
    if new.trial_end.is_some_and(|end| end <= state.now) {
        return Err(ApiError::invalid(
            "trial_end",
            "Invalid timestamp: must be an integer Unix timestamp in the future.",
        ));
    }
    Ok((new, behavior))
}

/// Takes `trial_settings` (<https://docs.stripe.com/api/subscriptions/create>).
fn pauses_without_method(params: &mut Params) -> Result<bool> {
    let Some(mut settings) = params.hash("trial_settings")? else { return Ok(false) };
    let behavior = match settings.hash("end_behavior")? {
        Some(mut end) => {
            let words = [("create_invoice", false), ("pause", true)];
            let pauses = end.choice("missing_payment_method", &words)?;
            end.finish()?;
            pauses
        }
        None => None,
    };
    settings.finish()?;
    Ok(behavior.unwrap_or(false))
}

/// <https://docs.stripe.com/api/subscriptions/update>
pub(super) fn update(mut params: Params) -> Result<SubscriptionUpdate> {
    let sets_time = params.has("cancel_at");
    let mut update = SubscriptionUpdate { cancellation: cancellation(&mut params)?, ..SubscriptionUpdate::default() };
    change(&mut params, &mut update)?;
    update.payment = payment(&mut params)?;
    if sets_time && update.payment == PaymentBehavior::Wait {
        return Err(ApiError::unsupported_in_pending_update());
    }
    update.metadata = params.metadata("metadata")?;
    update.description = params.text_change("description")?;
    update.default_payment_method = match params.text_change("default_payment_method")? {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(id) => Change::Set(Id::given(&id)),
    };
    update.pause = pause(&mut params)?;
    (update.comment, update.feedback) = details(&mut params)?;
    params.finish()?;
    Ok(update)
}

/// Takes the parameters that change the amount to pay. They can be previewed too
/// (<https://docs.stripe.com/api/invoices/create_preview>, `subscription_details`).
pub(super) fn change(params: &mut Params, update: &mut SubscriptionUpdate) -> Result<()> {
    update.items = item_changes(params)?;
    update.discounts = discounts::read(params)?;
    update.proration = proration(params)?.unwrap_or(update.proration);
    update.proration_date = params.time("proration_date")?;
    update.end_trial = match params.text("trial_end")?.as_deref() {
        None => false,
        Some("now") => true,
        Some(_) => return Err(ApiError::not_modelled("trial_end", "another end of a trial than `now`")),
    };
    Ok(())
}

/// Takes the requested end: `cancel_at_period_end`, or `cancel_at` with a time, the end of the period, or empty
/// (<https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums>).
fn cancellation(params: &mut Params) -> Result<Change<RequestedEnd>> {
    let at_period_end = params.flag("cancel_at_period_end")?;
    let at = params.text_change("cancel_at")?;
    match (at_period_end, at) {
        (None, Change::Keep) => Ok(Change::Keep),
        (Some(true), Change::Keep | Change::Clear) => Ok(Change::Set(RequestedEnd::AtPeriodEnd)),
        (Some(false), Change::Keep) | (Some(false) | None, Change::Clear) => Ok(Change::Clear),
        (Some(true), Change::Set(_)) => {
            let message = "You cannot pass in both `cancel_at` and `cancel_at_period_end`.";
            Err(ApiError::invalid("cancel_at", message))
        }
        (Some(false) | None, Change::Set(text)) => Ok(Change::Set(match text.as_str() {
            "min_period_end" | "max_period_end" => RequestedEnd::AtEndOfThisPeriod,
            _ => RequestedEnd::At(time(&text)?),
        })),
    }
}

fn time(text: &str) -> Result<Timestamp> {
    let seconds = text.parse().ok();
    let at = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    at.ok_or_else(|| ApiError::invalid("cancel_at", format!("Invalid timestamp: {text}")))
}

/// Takes `pause_collection`, which an empty value ends.
fn pause(params: &mut Params) -> Result<Change<Pause>> {
    if !params.has("pause_collection") {
        return Ok(Change::Keep);
    }
    let Some(mut pause) = params.hash("pause_collection")? else { return Ok(Change::Clear) };
    let words = [
        ("keep_as_draft", PauseBehavior::KeepAsDraft),
        ("mark_uncollectible", PauseBehavior::MarkUncollectible),
        ("void", PauseBehavior::Void),
    ];
    let behavior = pause.choice("behavior", &words)?;
    let behavior = behavior.ok_or_else(|| ApiError::required("pause_collection[behavior]"))?;
    let resumes_at = pause.time("resumes_at")?;
    pause.finish()?;
    Ok(Change::Set(Pause { behavior, resumes_at }))
}

/// Takes `cancellation_details`.
pub(super) fn details(params: &mut Params) -> Result<(Change<String>, Change<String>)> {
    let Some(mut details) = params.hash("cancellation_details")? else { return Ok((Change::Keep, Change::Keep)) };
    let said = (details.text_change("comment")?, details.text_change("feedback")?);
    details.finish()?;
    Ok(said)
}
