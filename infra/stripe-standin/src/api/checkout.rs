//! Checkout sessions (<https://docs.stripe.com/api/checkout/sessions>).

use super::{
    catalogue::discounts,
    filters::{Created, customer, is},
    page::Page,
};
use crate::{
    error::{ApiError, Result},
    ids::{Id, PriceId, SessionId},
    model::{NewItem, NewSession, Session, SessionStatus, SubscriptionData},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// Maximum number of recurring prices (<https://docs.stripe.com/api/checkout/sessions/create>, `line_items`).
const RECURRING: usize = 20;

/// <https://docs.stripe.com/api/checkout/sessions/list>
pub(super) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let (customer, subscription) = (customer(state, &mut params)?, params.text("subscription")?);
    let words = [("open", "open"), ("complete", "complete"), ("expired", "expired")];
    let status = params.choice("status", &words)?;
    params.finish()?;
    let of_subscription = |session: &Session| match (&subscription, &session.status) {
        (None, _) => true,
        (Some(wanted), SessionStatus::Complete { subscription, .. }) => wanted == subscription.as_str(),
        (Some(_), SessionStatus::Open | SessionStatus::Expired) => false,
    };
    let wanted = |session: &Session| {
        created.holds(session.created)
            && is(customer.as_ref(), session.new.customer.as_str())
            && status.is_none_or(|status| status == view::session_status(&session.status))
            && of_subscription(session)
    };
    page.of(&state.sessions, "/v1/checkout/sessions", wanted, |session| view::session(state, session))
}

/// <https://docs.stripe.com/api/checkout/sessions/create>
pub(super) fn create(state: &mut State, params: Params) -> Result<Value> {
    let id = state.create_session(new(params)?)?;
    view::session(state, state.sessions.known(&id)?)
}

/// <https://docs.stripe.com/api/checkout/sessions/retrieve>
pub(super) fn retrieve(state: &State, id: &SessionId, params: Params) -> Result<Value> {
    params.finish()?;
    view::session(state, state.sessions.find(id, "id")?)
}

/// <https://docs.stripe.com/api/checkout/sessions/line_items>
pub(super) fn line_items(state: &State, id: &SessionId, mut params: Params) -> Result<Value> {
    Page::read(&mut params)?;
    params.finish()?;
    view::session_line_items(state, state.sessions.find(id, "id")?)
}

/// <https://docs.stripe.com/api/checkout/sessions/expire>
pub(super) fn expire(state: &mut State, id: &SessionId, params: Params) -> Result<Value> {
    params.finish()?;
    state.expire_session(id)?;
    view::session(state, state.sessions.known(id)?)
}

fn new(mut params: Params) -> Result<NewSession> {
    match params.required("mode")?.as_str() {
        "subscription" => {}
        "payment" | "setup" => return Err(ApiError::not_modelled("mode", "other modes than `subscription`")),
        _ => return Err(ApiError::invalid("mode", "Invalid mode: must be one of payment, setup, or subscription")),
    }
    if params.text("ui_mode")?.is_some_and(|mode| mode != "hosted_page") {
        return Err(ApiError::not_modelled("ui_mode", "other pages than `hosted_page`"));
    }
    if params.text("payment_method_collection")?.is_some_and(|collect| collect != "always") {
        return Err(ApiError::not_modelled("payment_method_collection", "sessions that do not ask for a card"));
    }
    let modelled = |kind: &String| matches!(kind.as_str(), "card" | "us_bank_account");
    if !params.texts("payment_method_types")?.iter().all(modelled) {
        let what = "other payment methods than `card` and `us_bank_account`";
        return Err(ApiError::not_modelled("payment_method_types", what));
    }
    let customer = params.text("customer")?;
    let customer = customer.ok_or_else(|| ApiError::not_modelled("customer", "sessions that create their customer"))?;
    let items = line_items_of(&mut params)?;
    let (updates_name, updates_address) = customer_update(&mut params)?;
    let collects_tax_id = tax_id_collection(&mut params)?;
    if collects_tax_id && !updates_name {
        let message = "Tax ID collection requires updating business name on the customer. To enable tax ID collection for \
                       an existing customer, please set `customer_update[name]` to `auto`.";
        return Err(ApiError::invalid("tax_id_collection", message));
    }
    let new = NewSession {
        collects_tax_id,
        updates_name,
        updates_address,
        customer: Id::given(&customer),
        items,
        success_url: url(&mut params, "success_url")?.ok_or_else(|| ApiError::required("success_url"))?,
        cancel_url: url(&mut params, "cancel_url")?,
        expires_at: params.time("expires_at")?,
        client_reference_id: params.text("client_reference_id")?,
        metadata: params.metadata("metadata")?.fresh()?,
        subscription: subscription_data(&mut params)?,
        discounts: discounts::read(&mut params)?.unwrap_or_default(),
        allow_promotion_codes: params.flag("allow_promotion_codes")?,
        automatic_tax: automatic_tax(&mut params)?,
        locale: params.text("locale")?,
        billing_address_collection: params
            .choice("billing_address_collection", &[("auto", "auto"), ("required", "required")])?,
    };
    params.finish()?;
    if new.allow_promotion_codes.is_some() && !new.discounts.is_empty() {
        let message = "You may only specify one of these parameters: allow_promotion_codes, discounts.";
        return Err(ApiError::invalid("allow_promotion_codes", message));
    }
    Ok(new)
}

fn line_items_of(params: &mut Params) -> Result<Vec<NewItem>> {
    let mut items = Vec::new();
    for mut item in params.hashes("line_items")? {
        let name = item.name("quantity");
        let price = PriceId::given(&item.required("price")?);
        let quantity = item.integer("quantity")?.ok_or_else(|| ApiError::required(&name))?;
        item.finish()?;
        if quantity < 1 {
            return Err(ApiError::invalid(&name, "This value must be greater than or equal to 1."));
        }
        items.push(NewItem { price, quantity });
    }
    if items.len() > RECURRING {
        let message = format!("You can only specify up to {RECURRING} recurring prices.");
        return Err(ApiError::invalid("line_items", message));
    }
    if items.is_empty() { Err(ApiError::required("line_items")) } else { Ok(items) }
}

fn subscription_data(params: &mut Params) -> Result<SubscriptionData> {
    let Some(mut params) = params.hash("subscription_data")? else { return Ok(SubscriptionData::default()) };
    let trial_days = params.integer("trial_period_days")?;
    if trial_days.is_some_and(|days| !(1..=730).contains(&days)) {
        let message = "The trial period must be between 1 and 730 days.";
        return Err(ApiError::invalid("subscription_data[trial_period_days]", message));
    }
    if let Some(mut mode) = params.hash("billing_mode")? {
        if mode.required("type")? != "flexible" {
            let param = "subscription_data[billing_mode][type]";
            return Err(ApiError::not_modelled(param, "the classic billing mode"));
        }
        mode.finish()?;
    }
    let subscription = SubscriptionData {
        metadata: params.metadata("metadata")?.fresh()?,
        description: params.text("description")?,
        trial_days,
    };
    params.finish()?;
    Ok(subscription)
}

/// Takes the flag for automatic tax. It is stored without effect, because no address in the stand-in is taxed.
pub(super) fn automatic_tax(params: &mut Params) -> Result<bool> {
    let Some(mut tax) = params.hash("automatic_tax")? else { return Ok(false) };
    let enabled = tax.flag("enabled")?.ok_or_else(|| ApiError::required("automatic_tax[enabled]"))?;
    tax.finish()?;
    Ok(enabled)
}

/// Takes the customer fields that Checkout may update: name and address
/// (<https://docs.stripe.com/api/checkout/sessions/create>, `customer_update`).
fn customer_update(params: &mut Params) -> Result<(bool, bool)> {
    let Some(mut update) = params.hash("customer_update")? else { return Ok((false, false)) };
    let mut may = |part| Ok(update.choice(part, &[("auto", true), ("never", false)])?.unwrap_or(false));
    let (address, name, _) = (may("address")?, may("name")?, may("shipping")?);
    update.finish()?;
    Ok((name, address))
}

/// <https://docs.stripe.com/tax/checkout/tax-ids>
fn tax_id_collection(params: &mut Params) -> Result<bool> {
    let Some(mut collection) = params.hash("tax_id_collection")? else { return Ok(false) };
    let enabled = collection.flag("enabled")?.ok_or_else(|| ApiError::required("tax_id_collection[enabled]"))?;
    if collection.text("required")?.is_some_and(|required| required != "never") {
        return Err(ApiError::not_modelled("tax_id_collection[required]", "required tax ids"));
    }
    collection.finish()?;
    Ok(enabled)
}

/// Takes a URL that a browser can follow (<https://docs.stripe.com/error-codes>, `url_invalid`).
fn url(params: &mut Params, name: &str) -> Result<Option<String>> {
    let url = params.text(name)?;
    let is_web =
        |url: &str| ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    match url {
        Some(url) if !is_web(&url) => Err(ApiError::invalid(name, "Not a valid URL")),
        other => Ok(other),
    }
}
