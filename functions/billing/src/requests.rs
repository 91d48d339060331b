//! The requests of the billing routes.

use api::{Extensions, FieldErrors, Fields, FromBody, FromQuery, from_json, from_json_or, from_texts};
use deserr::Deserr;
use domain::{
    billing::return_url::{Origins, ReturnUrl},
    plans::{
        catalogue::Plans,
        money::{Currency, Interval},
        names::{AddonName, PlanName},
        plan::Plan,
    },
    usage::{CalendarMonth, UsageDay},
};
use shared::billing::{AddonRequest, CheckoutRequest, PlanRequest, PreviewRequest, ReturnUrls};
use utoipa::ToSchema;

/// The error of a return URL outside the dashboard.
const ELSEWHERE: &str = "must lead to the dashboard; its origin is not one of the configured ones";

/// A request to buy a plan.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = CheckoutRequest)]
pub(crate) struct CheckoutBody {
    /// The plan to buy.
    plan: PlanName,
    /// The billing interval; `month` by default.
    #[deserr(default)]
    interval: Option<Interval>,
    /// The currency of the price, as an ISO 4217 code in lower case. The default is the currency of an earlier subscription,
    /// or the first one of the catalogue.
    #[deserr(default)]
    currency: Option<Currency>,
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

impl FromBody for CheckoutBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        from_json_or(bytes, |fields| unknown_plan(fields, extensions.get().copied()))
    }
}

/// A request to change the plan.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = PlanChangeRequest)]
pub(crate) struct PlanBody {
    /// The new plan; the plan that costs nothing cancels the subscription at the end of its period.
    plan: PlanName,
    /// The billing interval; the current one by default.
    #[deserr(default)]
    interval: Option<Interval>,
    /// The currency of the price, as an ISO 4217 code in lower case; the current one by default. A subscription keeps its
    /// currency.
    #[deserr(default)]
    currency: Option<Currency>,
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

impl FromBody for PlanBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        from_json_or(bytes, |fields| unknown_plan(fields, extensions.get().copied()))
    }
}

/// A request to change the number of units of an add-on.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = AddonChangeRequest)]
pub(crate) struct AddonBody {
    /// Name of the add-on.
    name: AddonName,
    /// Number of units; 0 removes the add-on.
    quantity: u64,
}

impl FromBody for AddonBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        from_json(bytes)
    }
}

impl AddonBody {
    /// Returns the request.
    pub(crate) const fn request(self) -> AddonRequest {
        let Self { name, quantity } = self;
        AddonRequest { name, quantity }
    }
}

/// The change of an add-on to preview.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct AddonQuery {
    /// Name of the add-on.
    name: AddonName,
    /// Number of units, in digits.
    quantity: String,
}

impl FromQuery for AddonQuery {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        from_texts(pairs)
    }
}

impl AddonQuery {
    /// Returns the request, if the quantity is a number.
    pub(crate) fn checked(self) -> Result<AddonRequest, FieldErrors> {
        let Self { name, quantity } = self;
        let invalid = || FieldErrors::default().with("quantity", "must be a whole number of units".to_owned());
        Ok(AddonRequest { name, quantity: quantity.parse().map_err(|_| invalid())? })
    }
}

/// The plan to preview.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PlanQuery {
    /// The plan.
    pub(crate) plan: PlanName,
    /// The billing interval; the current one by default.
    #[deserr(default)]
    pub(crate) interval: Option<Interval>,
    /// The currency; the current one by default.
    #[deserr(default)]
    pub(crate) currency: Option<Currency>,
}

impl CheckoutBody {
    /// Returns the request, if `plans` have the plan and both URLs lead to the `dashboard`.
    pub(crate) fn checked(self, plans: Plans, dashboard: &Origins) -> Result<CheckoutRequest, FieldErrors> {
        let Self { plan, interval, currency, success_url, cancel_url } = self;
        let interval = interval.unwrap_or(Interval::Month);
        let (plan, back) = both(named(plans, plan), back(dashboard, success_url, cancel_url))?;
        Ok(CheckoutRequest { plan, interval, currency, back })
    }
}

impl PlanBody {
    /// Returns the request, if `plans` have the plan and both URLs lead to the `dashboard`.
    pub(crate) fn checked(self, plans: Plans, dashboard: &Origins) -> Result<PlanRequest, FieldErrors> {
        let Self { plan, interval, currency, success_url, cancel_url } = self;
        let (plan, back) = both(named(plans, plan), back(dashboard, success_url, cancel_url))?;
        Ok(PlanRequest { plan, interval, currency, back })
    }
}

impl PlanQuery {
    /// Returns the request, if `plans` have the plan.
    pub(crate) fn checked(self, plans: Plans) -> Result<PreviewRequest, FieldErrors> {
        let Self { plan, interval, currency } = self;
        Ok(PreviewRequest { plan: named(plans, plan)?, interval, currency })
    }
}

/// Returns the plan of this name.
fn named(plans: Plans, name: PlanName) -> Result<Plan, FieldErrors> {
    plans.named(name).map_err(|unknown| FieldErrors::default().with("plan", unknown.to_string()))
}

/// Returns the error of the field `plan`, if it is the name of no plan.
fn unknown_plan(fields: Fields<'_>, plans: Option<Plans>) -> FieldErrors {
    let named_plan = fields.text("plan").zip(plans);
    named_plan.and_then(|(name, plans)| named(plans, name).err()).unwrap_or_default()
}

/// Returns both values, or all errors.
fn both<A, B>(one: Result<A, FieldErrors>, other: Result<B, FieldErrors>) -> Result<(A, B), FieldErrors> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
        (Err(errors), Err(more)) => Err(errors.and(more)),
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
