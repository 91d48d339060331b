//! What clients send.

use api::{Extensions, FieldErrors, FromBody, FromQuery, from_json, from_texts, json_body};
use deserr::Deserr;
use domain::{
    billing::return_url::{Origins, ReturnUrl},
    plans::plan::{Interval, Plan},
    usage::{CalendarMonth, Day},
};
use shared::billing::{Back, CheckoutRequest, PlanRequest};
use utoipa::ToSchema;

/// What is said of an address that leads elsewhere.
const ELSEWHERE: &str = "must lead to the dashboard: its origin is not one of the configured ones";

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

/// Where the portal leads back to.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PortalBody {
    /// An address of the dashboard; its page on billing if nothing is said.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    return_url: Option<ReturnUrl>,
}

/// A body may be left out where nothing in it has to be said.
impl FromBody for PortalBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        if bytes.is_empty() { Ok(Self { return_url: None }) } else { from_json(bytes) }
    }
}

impl PortalBody {
    /// The address, if it leads to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<Option<ReturnUrl>, FieldErrors> {
        let elsewhere = self.return_url.as_ref().is_some_and(|url| !dashboard.lead_to(url));
        let errors =
            if elsewhere { FieldErrors::default().with("return_url", ELSEWHERE) } else { FieldErrors::default() };
        errors.none_or(self.return_url)
    }
}

/// Which month's usage is wanted.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct UsageQuery {
    /// A day of it.
    #[deserr(default)]
    pub(crate) period: Option<Day>,
}

impl FromQuery for UsageQuery {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs)
    }
}

/// The month whose usage by day is wanted.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct DaysQuery {
    /// A month of the calendar.
    #[deserr(default)]
    pub(crate) month: Option<CalendarMonth>,
}

impl FromQuery for DaysQuery {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs)
    }
}

json_body!(CheckoutBody);

/// A plan to have.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PlanBody {
    /// The plan; free is to cancel.
    plan: Plan,
    /// How often to pay; as often as now if nothing is said.
    #[deserr(default)]
    interval: Option<Interval>,
    /// The address of the dashboard that Stripe's page leads back to after the payment, for a workspace that pays for nothing yet. The
    /// page of the billing by default. Stripe replaces `{CHECKOUT_SESSION_ID}` in it.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    success_url: Option<ReturnUrl>,
    /// The address that Stripe's page leads back to without a payment.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    cancel_url: Option<ReturnUrl>,
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
        let interval = interval.unwrap_or(Interval::Month);
        let back = back(dashboard, success_url, cancel_url)?;
        Ok(CheckoutRequest { plan, interval, back })
    }
}

impl PlanBody {
    /// The request, if both addresses lead to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<PlanRequest, FieldErrors> {
        let Self { plan, interval, success_url, cancel_url } = self;
        let back = back(dashboard, success_url, cancel_url)?;
        Ok(PlanRequest { plan, interval, back })
    }
}

/// Both addresses, if they lead to the `dashboard`.
fn back(
    dashboard: &Origins,
    success_url: Option<ReturnUrl>,
    cancel_url: Option<ReturnUrl>,
) -> Result<Back, FieldErrors> {
    let mut errors = FieldErrors::default();
    for (field, url) in [("success_url", &success_url), ("cancel_url", &cancel_url)] {
        if url.as_ref().is_some_and(|url| !dashboard.lead_to(url)) {
            errors = errors.with(field, ELSEWHERE);
        }
    }
    errors.none_or(Back { success_url, cancel_url })
}
