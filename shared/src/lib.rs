//! What Berth's functions have in common.
//!
//! `domain` decides, `store` and the other edges reach the outside, the use cases (`workspace`, `team`, `billing`,
//! `runtime`, `integrations`, `relay`) combine them, and `http` turns requests into values and values into answers. ARCHITECTURE.md has
//! the map and the layers.

pub mod ambient;
pub mod aws;
pub mod billing;
pub mod config;
pub mod courier;
pub mod doctor;
pub mod domain;
pub mod ecs;
pub mod http;
pub mod integrations;
pub mod mail;
pub mod operator;
pub mod queue;
pub mod relay;
pub mod runtime;
pub mod secrets;
pub mod store;
pub mod stripe;
pub mod team;
pub mod telemetry;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod workspace;
