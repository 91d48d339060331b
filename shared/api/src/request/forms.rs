//! The forms of requests, by name. Each is an [`Input`], which names the parts that it has.

use super::input::{AnyWorkspace, Input};
use crate::body::Nothing;
use domain::ids::WorkspaceId;

/// A request in a workspace, with path parameters `P` if it has any.
pub type WorkspaceInput<P = Nothing> = Input<WorkspaceId, P>;

/// A request in a workspace with a query `Q`.
pub type WorkspaceQuery<Q> = Input<WorkspaceId, Nothing, Q>;

/// A request in a workspace with a body `B`.
pub type WorkspaceBody<B> = Input<WorkspaceId, Nothing, Nothing, B>;

/// A request in a workspace with path parameters `P` and a query `Q`.
pub type WorkspacePathQuery<P, Q> = Input<WorkspaceId, P, Q>;

/// A request in a workspace with path parameters `P` and a body `B`.
pub type WorkspacePathBody<P, B> = Input<WorkspaceId, P, Nothing, B>;

/// A request that may name a workspace, with path parameters `P` if it has any.
pub type AnyWorkspaceInput<P = Nothing> = Input<AnyWorkspace, P>;

/// A request of a person in no workspace, with path parameters `P` if it has any.
pub type PersonInput<P = Nothing> = Input<Nothing, P>;

/// A request of a person in no workspace with a query `Q`.
pub type PersonQuery<Q> = Input<Nothing, Nothing, Q>;

/// A request of a person in no workspace with a body `B`.
pub type PersonBody<B> = Input<Nothing, Nothing, Nothing, B>;
