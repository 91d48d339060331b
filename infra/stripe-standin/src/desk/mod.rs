//! The front desk of the API keeps the idempotency keys with their answers, the faults that requests run into, and the log
//! of requests. It performs no request.

mod fault;
mod keys;
mod log;
mod message;

pub use fault::RequestFault;
pub(crate) use fault::take;
pub(crate) use keys::{Found, Keys, Record};
pub(crate) use log::Log;
pub use log::LoggedRequest;
pub(crate) use message::{Incoming, Reply};
