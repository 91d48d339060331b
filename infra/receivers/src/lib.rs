//! Stand-ins for the receivers of integrations: they parse a request and check it against the vendor's rules. Tests use
//! this crate without a socket; its program listens on loopback for the local cloud.

mod receiver;
mod request;
mod rules;
mod shown;

pub use request::{Received, format_answer, parse};
pub use rules::check_request;
pub use shown::shown_text;
