//! The stand-in over HTTP: Stripe's API, the pages, and the controls that are not Stripe's.

mod controls;
mod server;

pub use server::Served;
