//! The person who sent a request, proven by the claims of a token that the gateway has verified; or the API key that a
//! program presents, which the store verifies.

mod caller;
mod claims;
mod staff;

pub use caller::{Caller, PresentedKey};
pub use claims::{CLAIM_RULES_VARIABLES, ClaimRules, Unauthenticated};
pub use staff::{Staff, StaffRules};
