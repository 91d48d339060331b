//! Billing of a workspace for its members. Commands go through the driver in `workers::billing`.

mod addons;
mod catalogue;
mod change;
mod charge;
mod checkout;
mod invoices;
mod overview;
mod preview;
mod subscription;
mod sync;
mod usage;
mod view;

pub use addons::{AddonPreviewView, preview_addon};
pub use catalogue::{
    AddonView, FeatureDefinitionView, MeterDefinitionView, PlanView, list_addons, list_features, list_meters,
    list_plans,
};
pub use change::{AddonRequest, PlanRequest, cancel_subscription, change_addon, change_plan, resume_subscription};
pub use checkout::{CheckoutRequest, ReturnUrls, open_checkout};
pub use invoices::{InvoiceView, list_invoices, open_portal};
pub use overview::{ConfigView, UsageView, read_config, read_usage};
pub use preview::{OverLimit, PlanPreviewView, PreviewRequest, preview_plan};
pub use subscription::read_subscription;
pub(crate) use subscription::shown_to;
pub use sync::sync_billing;
pub use usage::{
    CountedView, DaysView, EntitlementsView, check_usage, check_usage_of_container, count_usage,
    count_usage_of_container, read_entitlements, read_entitlements_of_container, read_usage_by_day,
};
pub use view::{AddonChangeView, PlanChangeView};
pub use workers::billing::{BillingDeps, CheckoutView, Error, SubscriptionView};
