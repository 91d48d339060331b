//! The customer portal (<https://docs.stripe.com/api/customer_portal>).

use super::page::Page;
use crate::{
    error::Result,
    ids::{CustomerId, Id, PortalConfigurationId},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/customer_portal/sessions/create>
pub(super) fn create_session(state: &mut State, mut params: Params) -> Result<Value> {
    let customer = CustomerId::given(&params.required("customer")?);
    let configuration = params.text("configuration")?.as_deref().map(PortalConfigurationId::given);
    let (return_url, locale) = (params.text("return_url")?, params.text("locale")?);
    params.finish()?;
    let id = state.create_portal_session(customer, configuration, return_url, locale)?;
    Ok(view::portal_session(state, state.portal_sessions.known(&id)?))
}

/// <https://docs.stripe.com/api/customer_portal/configurations/list>
pub(super) fn list_configurations(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let (active, default) = (params.flag("active")?, params.flag("is_default")?);
    params.finish()?;
    let wanted = |_: &_| active != Some(false) && default != Some(false);
    let url = "/v1/billing_portal/configurations";
    page.of(&state.portal_configurations, url, wanted, |each| Ok(view::portal_configuration(each)))
}

/// <https://docs.stripe.com/api/customer_portal/configurations/retrieve>
pub(super) fn retrieve_configuration(state: &State, id: &PortalConfigurationId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::portal_configuration(state.portal_configurations.find(id, "id")?))
}
