//! Prices (<https://docs.stripe.com/api/prices>). Amount, currency and interval of a price never change.

use crate::{
    api::{filters::Created, page::Page},
    calendar::Interval,
    error::{ApiError, Result},
    ids::{Id, PriceId, ProductId},
    model::{Currency, Price},
    params::{Change, Params},
    state::State,
    transitions::catalogue::{NewPrice, PriceFields},
    view,
};
use serde_json::Value;

/// Maximum length of a lookup key, and the maximum number of them that a list is filtered by.
const KEY_LENGTH: usize = 200;
const KEYS: usize = 10;
/// Maximum amount (<https://docs.stripe.com/api/prices/create>, `unit_amount`).
const HIGHEST: i64 = 999_999_999_999;

const INTERVALS: [(&str, Interval); 2] = [("month", Interval::Month), ("year", Interval::Year)];

/// <https://docs.stripe.com/api/prices/list>: without `active`, only the active prices, as documented. Stripe is reported
/// to list inactive ones too, so a client should always pass it.
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let active = params.flag("active")?.unwrap_or(true);
    let currency = params.parsed::<Currency>("currency")?;
    let product = params.text("product")?.as_deref().map(ProductId::given);
    let kind = params.choice("type", &[("one_time", false), ("recurring", true)])?;
    let keys = params.texts("lookup_keys")?;
    if keys.len() > KEYS {
        return Err(ApiError::invalid("lookup_keys", format!("You can filter by up to {KEYS} lookup keys.")));
    }
    let interval = match params.hash("recurring")? {
        Some(mut recurring) => {
            let interval = recurring.choice("interval", &INTERVALS)?;
            recurring.choice("usage_type", &[("licensed", ())])?;
            recurring.finish()?;
            interval
        }
        None => None,
    };
    params.finish()?;
    if let Some(product) = &product {
        state.products.find(product, "product")?;
    }
    let keyed = |price: &Price| price.lookup_key.as_ref().is_some_and(|key| keys.contains(key));
    let wanted = |price: &Price| {
        price.known
            && price.active == active
            && created.holds(price.created)
            && currency.is_none_or(|wanted| wanted == price.currency)
            && product.as_ref().is_none_or(|wanted| *wanted == price.product)
            && kind != Some(false)
            && (keys.is_empty() || keyed(price))
            && interval.is_none_or(|wanted| wanted == price.interval)
    };
    page.of(&state.prices, "/v1/prices", wanted, |price| Ok(view::price(price)))
}

/// <https://docs.stripe.com/api/prices/create>
pub(crate) fn create(state: &mut State, mut params: Params) -> Result<Value> {
    let currency = params.parsed("currency")?.ok_or_else(|| ApiError::required("currency"))?;
    let product = params.text("product")?.ok_or_else(|| {
        ApiError::invalid("product", "You must specify either `product` or `product_data` when creating a price.")
    })?;
    let unit_amount = params.unsigned("unit_amount")?.ok_or_else(|| {
        ApiError::invalid(
            "unit_amount",
            "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
        )
    })?;
    if unit_amount > HIGHEST {
        let message = format!("This value must be less than or equal to {HIGHEST} (it currently is '{unit_amount}').");
        return Err(ApiError::invalid("unit_amount", message));
    }
    let interval = recurring(&mut params)?;
    if params.text("billing_scheme")?.is_some_and(|scheme| scheme != "per_unit") {
        return Err(ApiError::not_modelled("billing_scheme", "other schemes than `per_unit`"));
    }
    let fields = fields(&mut params)?;
    params.finish()?;
    let product = ProductId::given(&product);
    let id = state.create_price(NewPrice { product, currency, unit_amount, interval }, fields)?;
    show(state, &id)
}

/// <https://docs.stripe.com/api/prices/retrieve>
pub(crate) fn retrieve(state: &State, id: &PriceId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::price(state.known_price(id, "id")?))
}

/// <https://docs.stripe.com/api/prices/update>
pub(crate) fn update(state: &mut State, id: &PriceId, mut params: Params) -> Result<Value> {
    let fields = fields(&mut params)?;
    params.finish()?;
    state.update_price(id, fields)?;
    show(state, id)
}

/// Takes `recurring`. One-time prices, which have none, are not modelled.
fn recurring(params: &mut Params) -> Result<Interval> {
    let recurring = params.hash("recurring")?;
    let mut recurring = recurring.ok_or_else(|| ApiError::not_modelled("recurring", "one-time prices"))?;
    let interval = match recurring.required("interval")?.as_str() {
        "day" | "week" => Err(ApiError::not_modelled("recurring[interval]", "intervals of days and weeks")),
        text => {
            let found = INTERVALS.iter().find(|(word, _)| *word == text).map(|(_, interval)| *interval);
            let message = "Invalid recurring[interval]: must be one of day, month, week, or year";
            found.ok_or_else(|| ApiError::invalid("recurring[interval]", message))
        }
    }?;
    if recurring.integer("interval_count")?.is_some_and(|count| count != 1) {
        return Err(ApiError::not_modelled("recurring[interval_count]", "several intervals in a period"));
    }
    if recurring.text("usage_type")?.is_some_and(|usage| usage != "licensed") {
        return Err(ApiError::not_modelled("recurring[usage_type]", "usage-based prices"));
    }
    recurring.finish()?;
    Ok(interval)
}

/// Takes the parameters that create and update have in common.
fn fields(params: &mut Params) -> Result<PriceFields> {
    let fields = PriceFields {
        active: params.flag("active")?,
        nickname: params.text_change("nickname")?,
        metadata: params.metadata("metadata")?,
        lookup_key: params.text_change("lookup_key")?,
        transfers_key: params.flag("transfer_lookup_key")?.unwrap_or(false),
    };
    match &fields.lookup_key {
        Change::Set(key) if key.chars().count() > KEY_LENGTH => {
            let message = format!("Invalid string: {key}; must be at most {KEY_LENGTH} characters");
            Err(ApiError::invalid("lookup_key", message))
        }
        Change::Keep | Change::Clear | Change::Set(_) => Ok(fields),
    }
}

fn show(state: &State, id: &PriceId) -> Result<Value> {
    Ok(view::price(state.prices.known(id)?))
}
