//! The requests of the billing routes.

use api::{Extensions, FieldErrors, FromBody, FromQuery, from_json, from_texts, json_body};
use deserr::Deserr;
use domain::{
    billing::return_url::{Origins, ReturnUrl},
    plans::plan::{Interval, Plan},
    usage::{CalendarMonth, UsageDay},
};
use shared::billing::{CheckoutRequest, PlanRequest, ReturnUrls};
use utoipa::ToSchema;

/// The error of a return URL outside the dashboard.
const ELSEWHERE: &str = "must lead to the dashboard; its origin is not one of the configured ones";

/// A request to buy a plan.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = CheckoutRequest)]
pub(crate) struct CheckoutBody {
    /// The plan to buy.
    plan: Plan,
    /// The billing interval; `month` by default.
    #[deserr(default)]
    interval: Option<Interval>,
    /// The URL of the dashboard that Stripe's page leads back to after the payment; the billing page by default. At most 2,048
    /// characters. Stripe replaces `{CHECKOUT_SESSION_ID}` in it.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    success_url: Option<ReturnUrl>,
    /// The URL of the dashboard that Stripe's page leads back to without a payment; the billing page by default. At most 2,048
    /// characters.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    cancel_url: Option<ReturnUrl>,
}

/// A request to open the billing portal.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = PortalRequest)]
pub(crate) struct PortalBody {
    /// The URL of the dashboard that the portal leads back to; the billing page by default. At most 2,048 characters.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    return_url: Option<ReturnUrl>,
}

/// Accepts a missing body, since every field is optional.
impl FromBody for PortalBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        if bytes.is_empty() { Ok(Self { return_url: None }) } else { from_json(bytes) }
    }
}

impl PortalBody {
    /// Returns the URL, if it leads to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<Option<ReturnUrl>, FieldErrors> {
        let elsewhere = self.return_url.as_ref().is_some_and(|url| !dashboard.contains(url));
        let errors =
            if elsewhere { FieldErrors::default().with("return_url", ELSEWHERE) } else { FieldErrors::default() };
        errors.none_or(self.return_url)
    }
}

/// The month whose usage is requested.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct UsageQuery {
    /// Any day of the month; the current month by default.
    #[deserr(default)]
    pub(crate) period: Option<UsageDay>,
}

impl FromQuery for UsageQuery {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs)
    }
}

/// The month whose usage by day is requested.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct DaysQuery {
    /// A calendar month; the current month of counting by default.
    #[deserr(default)]
    pub(crate) month: Option<CalendarMonth>,
}

impl FromQuery for DaysQuery {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs)
    }
}

json_body!(CheckoutBody);

/// A request to change the plan.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = PlanChangeRequest)]
pub(crate) struct PlanBody {
    /// The new plan; `free` cancels the subscription at the end of its period.
    plan: Plan,
    /// The billing interval; the current one by default.
    #[deserr(default)]
    interval: Option<Interval>,
    /// The URL of the dashboard that Stripe's page leads back to after the payment, for a workspace without a subscription; the
    /// billing page by default. At most 2,048 characters. Stripe replaces `{CHECKOUT_SESSION_ID}` in it.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    success_url: Option<ReturnUrl>,
    /// The URL of the dashboard that Stripe's page leads back to without a payment; the billing page by default. At most 2,048
    /// characters.
    #[schema(value_type = Option<String>, max_length = 2048)]
    #[deserr(default)]
    cancel_url: Option<ReturnUrl>,
}

json_body!(PlanBody);

/// The plan to preview.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PlanQuery {
    /// The plan.
    pub(crate) plan: Plan,
    /// The billing interval; the current one by default.
    #[deserr(default)]
    pub(crate) interval: Option<Interval>,
}

impl CheckoutBody {
    /// Returns the request, if both URLs lead to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<CheckoutRequest, FieldErrors> {
        let Self { plan, interval, success_url, cancel_url } = self;
        let interval = interval.unwrap_or(Interval::Month);
        let back = back(dashboard, success_url, cancel_url)?;
        Ok(CheckoutRequest { plan, interval, back })
    }
}

impl PlanBody {
    /// Returns the request, if both URLs lead to the `dashboard`.
    pub(crate) fn leading_to(self, dashboard: &Origins) -> Result<PlanRequest, FieldErrors> {
        let Self { plan, interval, success_url, cancel_url } = self;
        let back = back(dashboard, success_url, cancel_url)?;
        Ok(PlanRequest { plan, interval, back })
    }
}

/// Returns both URLs, if they lead to the `dashboard`.
fn back(
    dashboard: &Origins,
    success_url: Option<ReturnUrl>,
    cancel_url: Option<ReturnUrl>,
) -> Result<ReturnUrls, FieldErrors> {
    let mut errors = FieldErrors::default();
    for (field, url) in [("success_url", &success_url), ("cancel_url", &cancel_url)] {
        if url.as_ref().is_some_and(|url| !dashboard.contains(url)) {
            errors = errors.with(field, ELSEWHERE);
        }
    }
    errors.none_or(ReturnUrls { success_url, cancel_url })
}
