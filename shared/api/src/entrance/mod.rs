//! Entrances: what a request presents to prove who sent it. Each has one file with one extractor.
//!
//! An extractor reads headers only, and refuses a request that presents nothing. The holder of the key then decides if
//! what was presented is genuine:
//!
//! | entrance | decided by | proves |
//! |---|---|---|
//! | API key | the store, which reads the key with the workspace | a `Scope` of the key |
//! | ID token | the gateway, then `identity::ClaimRules::caller` | a `Caller` |
//! | runtime token | `secrets::RuntimeKey::verify` | the container of a launch |
//! | signature of Stripe | `secrets::WebhookSecret::verify` | that Stripe sent the body |
//! | AWS identity | Lambda, then `workers::operator::ActingOperator::of` | a person of the operator's team |
//! | ID token of the staff | the gateway, then `identity::StaffRules::staff` | a person of the operator's staff |

mod iam;
mod id_token;
mod key;
mod runtime_token;
mod staff;
mod stripe_signature;

pub use iam::IamCaller;
pub(crate) use id_token::SignedIn;
pub(crate) use key::{ByKey, bearer};
pub use runtime_token::RuntimeToken;
pub use staff::StaffCaller;
pub use stripe_signature::StripeSignature;
