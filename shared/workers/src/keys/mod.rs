//! API keys without a caller: their ends, and what members are notified of about them.

mod due;
mod error;
mod revoke;

pub use due::advance_key;
pub use error::Error;
pub use revoke::revoke_keys_of;
