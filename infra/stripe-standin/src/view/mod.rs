//! JSON of Stripe's objects in API version 2026-09-30.endive: every field that the reference documents as always present,
//! with null where the stand-in has no value. It changes nothing.

mod account;
mod billing;
mod catalogue;
mod checkout;
mod customers;
mod discounts;
mod events;
mod expand;
mod parts;
mod payments;
mod portal;

pub(crate) use account::account;
pub(crate) use billing::{
    invoice, invoice_line, invoice_payment, preview, schedule, schedule_status, subscription, subscription_item,
    subscription_status, upcoming,
};
pub(crate) use catalogue::{plan, price, product};
pub(crate) use checkout::{session, session_line_items, session_status};
pub(crate) use customers::customer;
pub(crate) use discounts::{coupon, discount, promotion_code};
pub(crate) use events::event;
pub(crate) use expand::expand;
pub(crate) use parts::API_VERSION;
pub(crate) use payments::{charge, dispute, intent, method_type, payment_method, refund};
pub(crate) use portal::{portal_configuration, portal_session};
