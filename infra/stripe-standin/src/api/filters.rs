//! Filters of several lists.

use crate::{
    error::Result,
    ids::{CustomerId, Id},
    params::Params,
    state::State,
};
use jiff::Timestamp;

/// Filter by creation time: one time, or bounds (<https://docs.stripe.com/api/events/list>, `created`).
#[derive(Debug, Default)]
pub(super) struct Created {
    at: Option<Timestamp>,
    after: Option<Timestamp>,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Created {
    pub(super) fn read(params: &mut Params) -> Result<Self> {
        if !params.is_hash("created") {
            return Ok(Self { at: params.time("created")?, ..Self::default() });
        }
        let Some(mut bounds) = params.hash("created")? else { return Ok(Self::default()) };
        let created = Self {
            at: None,
            after: bounds.time("gt")?,
            from: bounds.time("gte")?,
            before: bounds.time("lt")?,
            until: bounds.time("lte")?,
        };
        bounds.finish()?;
        Ok(created)
    }

    pub(super) fn holds(&self, created: Timestamp) -> bool {
        self.at.is_none_or(|at| created == at)
            && self.after.is_none_or(|after| created > after)
            && self.from.is_none_or(|from| created >= from)
            && self.before.is_none_or(|before| created < before)
            && self.until.is_none_or(|until| created <= until)
    }
}

/// Takes the customer of a list. A deleted one has a history, an unknown one is refused
/// (<https://docs.stripe.com/error-codes>, `resource_missing`).
pub(super) fn customer(state: &State, params: &mut Params) -> Result<Option<String>> {
    let customer = params.text("customer")?;
    if let Some(id) = &customer {
        state.customers.find(&CustomerId::given(id), "customer")?;
    }
    Ok(customer)
}

/// Returns true if the field equals the wanted value, or if no value is wanted.
pub(super) fn is(wanted: Option<&String>, found: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == found)
}
