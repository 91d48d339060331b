//! What clients send.

use deserr::Deserr;
use shared::{
    billing::CheckoutRequest,
    domain::{
        plan::{Interval, Plan},
        return_url::{Origins, ReturnUrl},
    },
    http::FieldErrors,
    json_body,
};
use utoipa::ToSchema;

/// A plan to buy.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct CheckoutBody {
    /// The plan.
    plan: Plan,
    /// How often to pay; every month if nothing is said.
    #[deserr(default)]
    interval: Option<Interval>,
    /// Where the customer comes back to once he has paid: an address of the dashboard. `{CHECKOUT_SESSION_ID}` in it is filled
    /// in.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    success_url: Option<ReturnUrl>,
    /// Where he comes back to if he does not pay.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    cancel_url: Option<ReturnUrl>,
}

json_body!(CheckoutBody);

/// A plan to have.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PlanBody {
    /// The plan; free is to cancel.
    pub(crate) plan: Plan,
    /// How often to pay; as often as now if nothing is said.
    #[deserr(default)]
    pub(crate) interval: Option<Interval>,
}

json_body!(PlanBody);

/// A plan to be told of.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PlanQuery {
    /// The plan.
    pub(crate) plan: Plan,
    /// How often it would be paid.
    #[deserr(default)]
    pub(crate) interval: Option<Interval>,
}

impl CheckoutBody {
    /// The request, if both addresses lead to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<CheckoutRequest, FieldErrors> {
        let Self { plan, interval, success_url, cancel_url } = self;
        let mut errors = FieldErrors::default();
        for (field, url) in [("success_url", &success_url), ("cancel_url", &cancel_url)] {
            if url.as_ref().is_some_and(|url| !dashboard.lead_to(url)) {
                errors = errors.with(field, "must lead to the dashboard: its origin is not one of the configured ones");
            }
        }
        let interval = interval.unwrap_or(Interval::Month);
        errors.none_or(CheckoutRequest { plan, interval, success_url, cancel_url })
    }
}
