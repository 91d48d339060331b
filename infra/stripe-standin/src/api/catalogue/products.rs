//! Products (<https://docs.stripe.com/api/products>).

use crate::{
    api::{filters::Created, page::Page},
    error::{ApiError, Result},
    ids::{Id, PriceId, ProductId},
    model::Product,
    params::{Change, Params},
    state::State,
    transitions::catalogue::ProductFields,
    view,
};
use serde_json::Value;

/// Maximum number of marketing features (<https://docs.stripe.com/api/products/create>).
const FEATURES: usize = 15;

/// <https://docs.stripe.com/api/products/list>
pub(crate) fn list(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let created = Created::read(&mut params)?;
    let (active, ids) = (params.flag("active")?, params.texts("ids")?);
    params.finish()?;
    let named = |id: &str| ids.is_empty() || ids.iter().any(|wanted| wanted == id);
    let wanted = |product: &Product| {
        created.holds(product.created)
            && active.is_none_or(|active| active == product.active)
            && named(product.id.as_str())
    };
    page.of(&state.products, "/v1/products", wanted, |product| Ok(view::product(product)))
}

/// <https://docs.stripe.com/api/products/create>
pub(crate) fn create(state: &mut State, mut params: Params) -> Result<Value> {
    let id = params.set_text("id")?.as_deref().map(ProductId::given);
    let fields = fields(&mut params)?;
    params.finish()?;
    let name = fields.name.clone().ok_or_else(|| ApiError::required("name"))?;
    let id = state.create_product(id, name, fields)?;
    show(state, &id)
}

/// <https://docs.stripe.com/api/products/retrieve>
pub(crate) fn retrieve(state: &State, id: &ProductId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::product(state.products.find(id, "id")?))
}

/// <https://docs.stripe.com/api/products/update>
pub(crate) fn update(state: &mut State, id: &ProductId, mut params: Params) -> Result<Value> {
    let default_price = match params.text_change("default_price")? {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(price) => Change::Set(PriceId::given(&price)),
    };
    let fields = ProductFields { default_price, ..fields(&mut params)? };
    params.finish()?;
    state.update_product(id, fields)?;
    show(state, id)
}

/// Takes the parameters that create and update have in common.
fn fields(params: &mut Params) -> Result<ProductFields> {
    Ok(ProductFields {
        name: params.set_text("name")?,
        description: params.text_change("description")?,
        active: params.flag("active")?,
        metadata: params.metadata("metadata")?,
        marketing_features: marketing_features(params)?,
        default_price: Change::Keep,
    })
}

fn marketing_features(params: &mut Params) -> Result<Option<Vec<String>>> {
    if !params.has("marketing_features") {
        return Ok(None);
    }
    let mut features = Vec::new();
    for mut feature in params.hashes("marketing_features")? {
        features.push(feature.required("name")?);
        feature.finish()?;
    }
    if features.len() > FEATURES {
        let message = format!("A product can have up to {FEATURES} marketing features.");
        return Err(ApiError::invalid("marketing_features", message));
    }
    Ok(Some(features))
}

fn show(state: &State, id: &ProductId) -> Result<Value> {
    Ok(view::product(state.products.known(id)?))
}
