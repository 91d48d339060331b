//! Billing of a workspace for its members. Commands go through the driver in `workers::billing`.

mod at_stripe;
mod change;
mod checkout;
mod days;
mod overview;
mod preview;
mod subscription;
mod sync;
mod usage;
mod view;

pub use at_stripe::{InvoiceView, invoices, portal};
pub use change::{PlanRequest, cancel, change_plan, resume};
pub use checkout::{Back, CheckoutRequest, checkout};
pub use days::{DaysView, usage_by_day};
pub use overview::{ConfigView, UsageView, config, usage};
pub use preview::{LimitEffect, OverLimit, PlanPreviewView, preview};
pub use subscription::subscription;
pub use sync::sync;
pub use usage::{CountedView, count, count_for_container};
pub use view::{PlanChangeView, PlanView, plans};
pub use workers::billing::{BillingDeps, CheckoutView, Error, SubscriptionView};
