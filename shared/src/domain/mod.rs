//! The rules of Berth, and nothing else: values, decisions and their errors.
//!
//! Nothing here reads a clock, draws a random number, waits, or knows of AWS, Stripe or HTTP; `now` and ids are
//! arguments. The layers test holds this.

pub mod access;
pub mod audit;
pub mod billing;
mod billing_audit;
pub mod billing_notice;
pub mod budget;
pub mod catalogue;
pub mod command;
pub mod comparison;
pub mod contract;
pub mod deletion;
pub mod delivery;
pub mod doctor;
pub mod email;
pub mod error;
pub mod heartbeat;
pub mod ids;
pub mod integration;
pub mod intent;
pub mod invitation;
pub mod invitation_token;
pub mod invoice;
pub mod keyring;
mod lookalike;
pub mod member;
mod operator_audit;
pub mod order;
pub mod orphan;
pub mod outbox;
pub mod page;
pub mod plan;
pub mod presence;
pub mod reach;
pub mod reconcile;
pub mod return_url;
pub mod reversal;
pub mod revocation;
pub mod roster;
pub mod runtime;
pub mod runtime_token;
pub mod scope;
pub mod secret;
pub mod shape;
pub mod stripe_event;
pub mod stripe_facts;
pub mod stripe_signature;
pub mod subscription;
mod team_audit;
pub mod text;
pub mod trial;
pub mod usage;
pub mod workspace;
