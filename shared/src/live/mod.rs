//! Live connections of callers: the tickets that open them, and the messages of their clients.

mod error;
mod messages;
mod ticket;

pub use error::Error;
pub use messages::{ClientMessage, answer_message};
pub use ticket::{TicketView, issue_ticket};
