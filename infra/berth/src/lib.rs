//! Commands of the company that runs Berth. They read the catalogue in `infra/plans.toml`, check it, and make Stripe
//! follow it.
//!
//! Layers, each of which depends on the previous ones only: `files` (the company's files), `definitions` (what is
//! generated from them), `stripe` (requests), `push` (changes at Stripe), `args` and `commands` (the command line).

pub mod args;
pub mod commands;
pub mod definitions;
pub mod error;
pub mod files;
pub mod push;
pub mod stripe;
