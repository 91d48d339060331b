//! Subscriptions, their schedules and their invoices.

pub(super) mod invoices;
pub(super) mod schedules;
mod subscription_params;
pub(super) mod subscriptions;
