//! The rules of Berth, and nothing else: values, decisions and their errors.
//!
//! Nothing here reads a clock, draws a random number, waits, or knows of AWS, Stripe or HTTP; `now` and ids are
//! arguments. The layers test holds this.

pub mod audit;
pub mod billing;
pub mod bounds;
pub mod command;
pub mod doctor;
pub mod email;
pub mod error;
pub mod identity;
pub mod ids;
pub mod integrations;
pub mod keyring;
pub mod keys;
pub mod live;
pub mod names;
pub mod notifications;
pub mod operator;
pub mod outbox;
pub mod page;
pub mod plans;
pub mod runtime;
pub mod secret;
pub mod team;
pub mod text;
pub mod usage;
pub mod workspace;
