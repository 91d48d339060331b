//! The test world: the real handlers and the real SDK over an embedded DynamoDB, with given time and ids, faults on
//! demand, and stand-ins for the other services. No socket is opened.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure in a test must end it"
)]

mod clock;
mod exchange;
mod log;
mod names;
mod network;
mod older;
mod operators;
mod people;
mod plans;
mod services;
mod shop;
mod table;
mod world;

pub use clock::ManualClock;
pub use exchange::{Answer, MISTAKES, Mistake, Request};
pub use log::{JsonLines, Lines};
pub use names::{NASTY_NAMES, valid_nasty_names};
pub use network::{Chances, Fault, Letter, Moment, parameters, target};
pub use people::{ANA, BEN, CLEO, ISSUER, JANE, Person};
pub use plans::{
    PLANS, catalogues, meter, plan, plans_in_two_currencies, plans_per_seat, plans_with_addons, plans_with_second_pro,
    plans_with_second_pro_of, plans_with_second_runs, plans_with_trial,
};
pub use services::{
    Behaviour, FifoMessage, QueuedMessage, Received, Receivers, Refusal, RunningTask, StoredSecret, shown_text,
    webhook_secret,
};
pub use shop::Shop;
pub use table::{NAME as TABLE, table_shape};
pub use world::World;
