//! Parses HTTP requests and renders answers. Depends on the domain only, not on the table or another edge.

mod answer;
mod body;
mod entrance;
mod request;
mod run;
mod serve;

/// Data that the router and the gateway attach to a request.
pub use ::http::Extensions;
pub use answer::{HtmlForm, HtmlPage, Problem, ProblemBody, conditional, csv, etag, ndjson};
pub use body::{
    FieldError, FieldErrors, Fields, Flag, MAX_DEPTH, MAX_VALUES, Nothing, from_json, from_json_or, from_texts,
    from_value, read_json,
};
pub use entrance::{IamCaller, RuntimeToken, StaffCaller, StripeSignature};
pub use identity::StaffRules;
#[doc(hidden)]
pub use pastey::paste;
pub use request::{
    AnyWorkspace, AnyWorkspaceInput, CLAIM_RULES_VARIABLES, ClaimRules, FromBody, FromQuery, FromWorkspaceHeader,
    Input, Listing, PageParams, Pagination, PersonBody, PersonInput, PersonQuery, PublicInput, Query, ReleaseBody,
    UsageBody, Walk, WalkParams, WorkspaceBody, WorkspaceInput, WorkspacePathBody, WorkspacePathQuery, WorkspaceQuery,
    operation,
};
pub use run::{MAX_TARGET, normalized, run, time_limit};
pub use serve::{BASE_PATH, KEY_PATH, MAX_BODY, serve, serve_also, serve_public, serve_staff};
