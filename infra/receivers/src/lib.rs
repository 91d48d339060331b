//! Stand-ins for the receivers of integrations: a request, read from bytes, and what its vendor would say of it. The tests use
//! it without a socket; the program beside it listens on loopback for the local cloud.

mod request;
mod rules;

pub use request::{Received, answer, parse};
pub use rules::judge;
