//! Parsing of requests, and registration of their routes.

mod cursor;
mod forms;
mod input;
mod operations;
mod public;
mod usage;

pub use cursor::{Listing, PageParams, Pagination, Walk, WalkParams};
pub use forms::{
    AnyWorkspaceInput, PersonBody, PersonInput, PersonQuery, WorkspaceBody, WorkspaceInput, WorkspacePathBody,
    WorkspacePathQuery, WorkspaceQuery,
};
pub use identity::{CLAIM_RULES_VARIABLES, ClaimRules};
pub use input::{AnyWorkspace, FromBody, FromQuery, FromWorkspaceHeader, Input, Query};
pub use operations::operation;
pub use public::PublicInput;
pub use usage::{ReleaseBody, UsageBody};
