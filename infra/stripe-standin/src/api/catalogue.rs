//! Products and prices: read-only, because the catalogue is given by the options (<https://docs.stripe.com/api/prices>).

use super::page::Page;
use crate::{
    calendar::Interval,
    error::Result,
    ids::{PriceId, ProductId},
    model::{Price, Product},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/products/list>
pub(super) fn list_products(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let (active, ids) = (params.flag("active")?, params.texts("ids")?);
    params.finish()?;
    let named = |id: &str| ids.is_empty() || ids.iter().any(|wanted| wanted == id);
    let wanted = |product: &Product| active != Some(false) && named(product.id.as_str());
    page.of(&state.products, "/v1/products", wanted, |product| Ok(view::product(product)))
}

/// <https://docs.stripe.com/api/products/retrieve>
pub(super) fn retrieve_product(state: &State, id: &ProductId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::product(state.products.find(id, "id")?))
}

/// <https://docs.stripe.com/api/prices/list>
pub(super) fn list_prices(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let active = params.flag("active")?;
    let product = params.text("product")?;
    let keys = params.texts("lookup_keys")?;
    let interval = match params.hash("recurring")? {
        Some(mut recurring) => {
            let words = [("month", Interval::Month), ("year", Interval::Year)];
            let interval = recurring.choice("interval", &words)?;
            recurring.finish()?;
            interval
        }
        None => None,
    };
    params.finish()?;
    let wanted = |price: &Price| {
        price.known
            && active != Some(false)
            && product.as_ref().is_none_or(|wanted| wanted == price.product.as_str())
            && (keys.is_empty() || keys.contains(&price.lookup_key))
            && interval.is_none_or(|wanted| wanted == price.interval)
    };
    page.of(&state.prices, "/v1/prices", wanted, |price| Ok(view::price(price)))
}

/// <https://docs.stripe.com/api/prices/retrieve>
pub(super) fn retrieve_price(state: &State, id: &PriceId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::price(state.known_price(id, "id")?))
}
