//! Stands in for Stripe: its API in version 2026-09-30.endive, its Checkout, portal and invoice pages, and its signed
//! events, with a clock that can be moved and deliveries that can go wrong. Tests run it in process, the local cloud as
//! a program.
//!
//! What Stripe does, it does as Stripe documents it, and says where; what it does not model, it refuses by name. Not
//! modelled: more than one item in a subscription, one-time payments, usage-based prices, coupons, tax that comes to
//! something, 3-D Secure, Connect, the classic billing mode, sessions that create their customer.
//!
//! The layers, each of which knows only those before it: `state` (what Stripe holds and how it changes: pure, the clock
//! is in it), `view` (objects as JSON), `api` (requests to changes), `desk` (keys, idempotency, faults, the log),
//! `delivery` (what waits for the webhook), `standin` (the handle), `server`, `pages` and `controls` (HTTP).

mod api;
pub mod args;
mod calendar;
mod controls;
mod delivery;
mod desk;
mod error;
mod ids;
mod options;
mod overview;
mod pages;
mod params;
mod random;
mod server;
mod shelf;
mod standin;
mod state;
mod view;
mod world;

pub use calendar::Interval;
pub use delivery::{Delivered, Delivery, DeliveryFaults, Outcome, Webhook, sign};
pub use desk::{LoggedRequest, RequestFault};
pub use options::Options;
pub use server::Served;
pub use standin::{Refused, Standin};
pub use state::{CataloguePrice, Dunning, Exhausted};
