//! Subscriptions, their schedules and their invoices.

pub(super) mod invoices;
pub(super) mod schedules;
pub(super) mod subscription_items;
mod subscription_params;
pub(super) mod subscriptions;
