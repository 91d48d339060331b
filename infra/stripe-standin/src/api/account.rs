//! The account itself (<https://docs.stripe.com/api/accounts>).

use crate::{error::Result, params::Params, state::State, view};
use serde_json::Value;

/// <https://docs.stripe.com/api/accounts/retrieve>: without an id, the account that the key belongs to.
pub(super) fn retrieve(state: &State, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::account(&state.settings))
}
