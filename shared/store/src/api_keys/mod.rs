//! API keys: one item for each key, and one for its use.
//!
//! The item of the use has the digests of the secrets, too: a request counts there alongside the read that verifies it, so a
//! forged secret must spend nothing of the key's rate, and create no item.

mod reads;
pub(crate) mod records;
pub(crate) mod spending;
pub(crate) mod uses;

pub use records::list;
pub use spending::Spending;
