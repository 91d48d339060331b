//! Stand-in for Stripe: its API in version 2026-09-30.endive, its Checkout, portal and invoice pages, and its signed
//! events, with a clock that can be moved and faults that can be injected. Tests run it in process, the local cloud as a
//! program.
//!
//! It behaves as Stripe documents, with links to the documentation, and refuses what it does not model with a message
//! that names it. Not modelled: items with different intervals or the quantity 0, discounts of single items and customers,
//! discounts in pending updates, one-time payments, usage-based prices, prices in several currencies, tax amounts above
//! zero, tax rates, payment methods other than cards and US bank debits, Connect, the classic billing mode, and sessions
//! that create their customer.
//!
//! An account begins with the catalogue of [`Options::catalogue`], and products and prices can be created and changed by
//! the API. A bare list of prices has the active ones, as documented.
//!
//! Controls for tests are methods of [`Standin`] and JSON posted to `/_standin/..`:
//!
//! | path | body |
//! |---|---|
//! | `card` | `{"customer": "cus_1", "fails": true}`: all cards of the customer are declined |
//! | `method` | `{"customer": "cus_1", "name": "pm_usBankAccount_success"}`: this test payment method pays from now on |
//! | `settle` | `{"invoice": "in_1", "succeeds": false}`: ends the processing of a bank debit before its four days |
//! | `pay` | `{"session": "cs_1", "buyer": {"name": "Acme", "tax_id": {"type": "eu_vat", "value": "DE1"}}}` |
//! | `price` | `{"price": "price_pro_month", "known": false}`: requests do not find the price |
//! | `dunning` | `{"retry_days": [3, 5], "then": "cancel"}`; then: `cancel`, `unpaid` or `past_due` |
//! | `finalization` | `{"customer": "cus_1", "fails": true}`: invoices of the customer stay drafts |
//! | `refund`, `dispute` | `{"charge": "ch_1"}` |
//! | `dispute/close` | `{"dispute": "dp_1", "won": false}` |
//! | `clock` | `{"advance": 3600}`, in seconds. In a local cloud this moves the whole cloud |
//!
//! `delivery`, `webhook`, `fault`, `fault/clear`, `secret/roll` and `flush` concern requests and events.
//!
//! Layers, each of which depends on the previous ones only: `model` (objects), `state` (the account that contains them),
//! `view` (objects as JSON), `transitions` (changes of the account, driven by its clock), `api` (requests to changes),
//! `desk` (keys, faults, log), `delivery` (pending events), `world` (all of these behind one lock), `standin` (the
//! handle), `pages` and `web` (HTTP).

mod api;
pub mod args;
mod calendar;
mod cloud_clock;
mod delivery;
mod desk;
mod error;
mod ids;
mod model;
mod options;
mod overview;
mod pages;
mod params;
mod shelf;
mod standin;
mod state;
mod transitions;
mod view;
mod web;
mod world;

pub use calendar::Interval;
pub use cloud_clock::{CloudClock, MoveFailed};
pub use delivery::{Delivered, Delivery, DeliveryFaults, Outcome, Webhook, sign};
pub use desk::{LoggedRequest, RequestFault};
pub use model::{Address, Buyer, CataloguePrice, Currency, Dunning, Exhausted, TaxId, UnknownCurrency};
pub use options::Options;
pub use standin::{Refused, Standin};
pub use web::Served;
