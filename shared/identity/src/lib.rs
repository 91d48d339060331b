//! The person who sent a request, proven by the claims of a token that the gateway has verified.

mod caller;
mod claims;

pub use caller::Caller;
pub use claims::{CLAIM_RULES_VARIABLES, ClaimRules, Unauthenticated};
