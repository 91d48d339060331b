//! The rules of Berth, and nothing else: values, decisions and their errors.
//!
//! Nothing here reads a clock, draws a random number, waits, or knows of AWS, Stripe or HTTP; `now` and ids are
//! arguments. The layers test holds this.

pub mod access;
pub mod audit;
pub mod billing;
pub mod catalogue;
pub mod command;
pub mod deletion;
pub mod email;
pub mod error;
pub mod heartbeat;
pub mod ids;
pub mod integration;
pub mod intent;
pub mod invitation;
pub mod invitation_token;
pub mod member;
pub mod order;
pub mod orphan;
pub mod outbox;
pub mod page;
pub mod plan;
pub mod reach;
pub mod reconcile;
pub mod return_url;
pub mod runtime;
pub mod runtime_token;
pub mod scope;
pub mod secret;
pub mod stripe_event;
pub mod stripe_facts;
pub mod stripe_signature;
pub mod subscription;
pub mod text;
pub mod workspace;
