//! Stand-in for Stripe: its API in version 2026-09-30.endive, its Checkout, portal and invoice pages, and its signed
//! events, with a clock that can be moved and faults that can be injected. Tests run it in process, the local cloud as a
//! program.
//!
//! It behaves as Stripe documents, with links to the documentation, and refuses what it does not model with a message
//! that names it. Not modelled: more than one item in a subscription, one-time payments, usage-based prices, coupons, tax
//! amounts above zero, 3-D Secure, Connect, the classic billing mode, and sessions that create their customer.
//!
//! Layers, each of which depends on the previous ones only: `model` (objects), `state` (the account that contains them),
//! `view` (objects as JSON), `transitions` (changes of the account, driven by its clock), `api` (requests to changes),
//! `desk` (keys, faults, log), `delivery` (pending events), `world` (all of these behind one lock), `standin` (the
//! handle), `pages` and `web` (HTTP).

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
pub use model::{Address, Buyer, CataloguePrice, Dunning, Exhausted, TaxId};
pub use options::Options;
pub use standin::{Refused, Standin};
pub use web::Served;
