//! Parameters of a subscription in requests that create, update or preview one.

use crate::{
    api::checkout::automatic_tax,
    error::{ApiError, Result},
    ids::{Id, ItemId, PriceId},
    model::ProrationBehavior,
    params::{Change, Params},
    state::State,
    transitions::subscriptions::{NewSubscription, PaymentBehavior, RequestedEnd, SubscriptionUpdate},
};
use jiff::{SignedDuration, Timestamp};

/// The only item of a subscription; the stand-in models no further ones.
#[derive(Debug, Default)]
pub(super) struct ItemParams {
    pub(super) id: Option<ItemId>,
    pub(super) price: Option<PriceId>,
    pub(super) quantity: Option<i64>,
}

/// Takes `items`.
pub(super) fn item(params: &mut Params) -> Result<ItemParams> {
    let mut items = params.hashes("items")?.into_iter();
    let Some(mut item) = items.next() else { return Ok(ItemParams::default()) };
    if items.next().is_some() {
        return Err(ApiError::not_modelled("items", "subscriptions of more than one item"));
    }
    let found = ItemParams {
        id: item.text("id")?.as_deref().map(ItemId::given),
        price: item.text("price")?.as_deref().map(PriceId::given),
        quantity: item.integer("quantity")?,
    };
    item.finish()?;
    if found.quantity.is_some_and(|quantity| quantity < 1) {
        return Err(ApiError::invalid("items[0][quantity]", "This value must be greater than or equal to 1."));
    }
    Ok(found)
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
    let item = item(&mut params)?;
    let days = params.integer("trial_period_days")?;
    let trial = days.map(|days| state.after(SignedDuration::from_hours(24 * days.clamp(0, 730))));
    let new = NewSubscription {
        customer: Id::given(&customer),
        price: item.price.ok_or_else(|| ApiError::required("items"))?,
        quantity: item.quantity.unwrap_or(1),
        metadata: params.metadata("metadata")?.fresh()?,
        description: params.text("description")?,
        default_payment_method: params.text("default_payment_method")?.as_deref().map(Id::given),
        trial_end: params.time("trial_end")?.or(trial),
        automatic_tax: automatic_tax(&mut params)?,
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
    (update.comment, update.feedback) = details(&mut params)?;
    params.finish()?;
    Ok(update)
}

/// Takes the parameters that change the amount to pay. They can be previewed too
/// (<https://docs.stripe.com/api/invoices/create_preview>, `subscription_details`).
pub(super) fn change(params: &mut Params, update: &mut SubscriptionUpdate) -> Result<()> {
    let item = item(params)?;
    if item.id.is_none() && item.price.is_some() {
        let what = "a second item: name the one to change by `items[0][id]`";
        return Err(ApiError::not_modelled("items", what));
    }
    (update.item, update.price, update.quantity) = (item.id, item.price, item.quantity);
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

/// Takes `cancellation_details`.
pub(super) fn details(params: &mut Params) -> Result<(Change<String>, Change<String>)> {
    let Some(mut details) = params.hash("cancellation_details")? else { return Ok((Change::Keep, Change::Keep)) };
    let said = (details.text_change("comment")?, details.text_change("feedback")?);
    details.finish()?;
    Ok(said)
}
