//! Use cases without a caller, by area. They run after a request, on a schedule, on an event from Stripe, for a
//! container or for the operator. They hold a `SystemScope`, which the use cases of callers cannot name. See
//! ARCHITECTURE.md for the map and the layers.

pub mod account;
pub mod audit;
pub mod billing;
mod debts;
pub mod decisions;
pub mod end_policy;
pub mod integrations;
pub mod keys;
pub mod letters;
pub mod live;
pub mod notifications;
pub mod operator;
pub mod payments;
pub mod relay;
pub mod runtime;
pub mod team;
pub mod workspace;
