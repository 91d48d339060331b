//! API keys: how programs of a customer use the API.
//!
//! A key rests on its maker, as an invitation does: it never opens more than the maker could do at that moment. A service
//! key, which only owners make, rests on the workspace instead.

pub mod audit;
pub mod bounds;
pub mod error;
pub mod network;
pub mod record;
pub mod refusal;
pub mod schedule;
pub mod scope;
pub mod secret;
pub mod usage;
pub mod verdict;
