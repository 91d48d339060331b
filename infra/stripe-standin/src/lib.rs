//! Stands in for Stripe: its API in version 2026-09-30.endive, its Checkout, portal and invoice pages, and its signed
//! events, with a clock that can be moved and deliveries that can go wrong. Tests run it in process, the local cloud as
//! a program.
//!
//! What Stripe does, it does as Stripe documents it, and says where; what it does not model, it refuses by name. Not
//! modelled: more than one item in a subscription, one-time payments, usage-based prices, coupons, tax that comes to
//! something, 3-D Secure, Connect, the classic billing mode, sessions that create their customer.
//!
//! The layers, each of which knows only those before it: `model` (the objects that Stripe holds), `state` (the account
//! that holds them), `view` (objects as JSON), `transitions` (changes of the account, by its own clock),
//! `api` (requests to changes), `desk` (keys, faults, the log), `delivery` (what waits for the webhook), `world` (all of
//! it behind one lock), `standin` (the handle), `pages` and `web` (HTTP).

mod api;
pub mod args;
mod calendar;
mod delivery;
mod desk;
mod error;
mod ids;
mod model;
mod options;
mod overview;
mod pages;
mod params;
mod random;
mod shelf;
mod standin;
mod state;
mod transitions;
mod view;
mod web;
mod world;

pub use calendar::Interval;
pub use delivery::{Delivered, Delivery, DeliveryFaults, Outcome, Webhook, sign};
pub use desk::{LoggedRequest, RequestFault};
pub use model::{CataloguePrice, Dunning, Exhausted};
pub use options::Options;
pub use standin::{Refused, Standin};
pub use web::Served;
