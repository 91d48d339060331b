//! The stand-in over HTTP: Stripe's API, the pages, and the stand-in's own controls.

mod controls;
mod server;

pub use server::Served;
