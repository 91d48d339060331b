//! Subscriptions, their schedules and their invoices as JSON.

mod invoices;
mod lines;
mod schedules;
mod subscriptions;

pub(crate) use invoices::{invoice, invoice_payment, preview, upcoming};
pub(crate) use lines::invoice_line;
pub(crate) use schedules::{schedule, schedule_status};
pub(crate) use subscriptions::{subscription, subscription_item, subscription_status};
