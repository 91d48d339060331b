//! How Stripe shows what it holds, in API version 2026-09-30.endive: every field that the reference documents as always
//! there, with null where the stand-in has nothing to say. It changes nothing.

mod catalogue;
mod charges;
mod checkout;
mod customers;
mod events;
mod expand;
mod invoices;
mod lines;
mod payments;
mod portal;
mod reversals;
mod schedules;
mod subscriptions;

pub(crate) use catalogue::{price, product};
pub(crate) use charges::charge;
pub(crate) use checkout::{session, session_line_items, session_status};
pub(crate) use customers::customer;
pub(crate) use events::event;
pub(crate) use expand::expand;
pub(crate) use invoices::{invoice, invoice_payment, preview, upcoming};
pub(crate) use payments::{intent, payment_method};
pub(crate) use portal::{portal_configuration, portal_session};
pub(crate) use reversals::{dispute, refund};
pub(crate) use schedules::{schedule, schedule_status};
pub(crate) use subscriptions::{subscription, subscription_status};

use jiff::Timestamp;
use serde_json::{Value, json};

/// The API version of every object and event (<https://docs.stripe.com/api/versioning>).
pub(crate) const API_VERSION: &str = "2026-09-30.endive";

/// A time as Stripe writes it.
fn time(at: Timestamp) -> i64 {
    at.as_second()
}

/// A time that may not be.
fn maybe_time(at: Option<Timestamp>) -> Value {
    json!(at.map(time))
}

/// An id that may not be.
fn maybe_id(id: Option<&impl ToString>) -> Value {
    json!(id.map(ToString::to_string))
}

/// A list object that holds all it has.
fn whole_list(data: Vec<Value>, url: &str) -> Value {
    json!({ "object": "list", "data": data, "has_more": false, "url": url })
}

/// One object of the fields of several.
fn together<const N: usize>(parts: [Value; N]) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    });
    Value::Object(fields.flatten().collect())
}
