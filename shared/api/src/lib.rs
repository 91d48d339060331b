//! Requests in, answers out. It knows the domain and nothing behind it: neither the table nor another edge.

mod body;
mod caller;
pub mod csv;
mod cursor;
pub mod etag;
mod input;
mod operations;
mod page;
mod problem;
mod public;
mod run;
mod serve;
mod usage;

/// What the router and the gateway have put beside a request.
pub use ::http::Extensions;
pub use body::{FieldError, FieldErrors, MAX_DEPTH, MAX_VALUES, Nothing, from_json, from_texts, from_value, read_json};
pub use cursor::{Listing, Pagination};
pub use identity::{CLAIM_RULES_VARIABLES, ClaimRules};
pub use input::{AnyWorkspace, FromBody, FromQuery, FromWorkspaceHeader, Input, Query};
pub use operations::operation;
pub use page::{Form, Page};
#[doc(hidden)]
pub use pastey::paste;
pub use problem::{Problem, ProblemBody};
pub use public::Public;
pub use run::{MAX_TARGET, readable, run};
pub use serve::{BASE_PATH, MAX_BODY, serve, serve_url};
pub use usage::{ReleaseBody, UsageBody};
