//! The test world: the real handlers and the real SDK over an embedded DynamoDB, with given time and ids, faults on
//! demand, and stand-ins for the other services. No socket is opened.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong in a test should end it"
)]

mod answer;
mod canary;
mod clock;
mod cluster;
mod crash;
mod faults;
mod ledger;
mod log;
mod mistakes;
mod net;
mod operators;
mod people;
mod queues;
mod receivers;
mod request;
mod secrets;
mod shop;
mod table;
mod world;

pub use answer::Answer;
pub use clock::ManualClock;
pub use cluster::{Refusal, RunningTask};
pub use crash::Moment;
pub use faults::{Chances, Fault};
pub use log::Lines;
pub use mistakes::{MISTAKES, Mistake};
pub use net::Letter;
pub use people::{ANA, BEN, CLEO, ISSUER, Person};
pub use queues::{Queued, QueuedInOrder};
pub use receivers::{Behaviour, Received, Receivers};
pub use request::Request;
pub use secrets::KeptSecret;
pub use shop::Shop;
pub use table::{NAME as TABLE, table_shape};
pub use world::World;
