//! Properties that every error of Berth reports: its kind, a stable code, and the facts that help the reader.
//!
//! Errors know nothing of HTTP; `http::problem` turns kinds into status codes, in one place.

use crate::{
    identity::access::Role, identity::ownership::OwnedWorkspace, keys::scope::KeyScope, plans::names::PlanName,
    usage::Meter,
};
use jiff::Timestamp;
use std::error::Error;

/// Maximum number of field errors collected for one request: enough to correct it, however many it has.
pub const MAX_FIELD_ERRORS: usize = 20;

/// Kinds of refusal and failure, by how the caller may act on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is malformed.
    Invalid,
    /// The caller is not authenticated.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// The resource does not exist, or this caller may not know of it.
    Absent,
    /// The current state does not allow the request.
    Conflict,
    /// The current state differs from the one the caller required.
    Stale,
    /// The plan does not allow the request.
    OverPlan,
    /// The caller exceeded a rate limit.
    TooMany,
    /// An idempotency key was used for another request.
    KeyReused,
    /// The request lacks a field that the current state requires.
    Incomplete,
    /// The request exceeds the size limit.
    TooLarge,
    /// A dependency did not answer; the same request may succeed later.
    Unavailable,
    /// A defect of Berth or of its data.
    Internal,
}

/// Facts in addition to the message; each is present where it applies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The field that must be sent.
    pub field: Option<RefusedField>,
    /// The workspaces that do not allow it.
    pub workspaces: Vec<OwnedWorkspace>,
    /// The weakest role that may do this.
    pub required_role: Option<Role>,
    /// The scope of a key that allows this.
    pub required_scope: Option<KeyScope>,
    /// The meter whose limit was reached.
    pub meter: Option<Meter>,
    /// The limit that was reached.
    pub limit: Option<u64>,
    /// The amount used of the limit.
    pub used: Option<u64>,
    /// Time at which the usage resets.
    pub resets_at: Option<Timestamp>,
    /// The next plan with a higher limit.
    pub upgrade_to: Option<PlanName>,
    /// Seconds until a retry may succeed.
    pub retry_after: Option<u64>,
}

/// A field of a well-formed request that the current state refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedField {
    /// Name of the field.
    pub field: &'static str,
    /// Description of the error. It does not repeat the value that was sent.
    pub message: String,
}

/// An error that can be answered. Customers read its `Display`, which names no internals; internal details belong in
/// its `source`, which only the log shows.
pub trait Refusal: Error + Send + Sync + 'static {
    /// The kind, which says how the caller may act on the error.
    fn kind(&self) -> Kind;
    /// A stable name for programs, in snake case.
    fn code(&self) -> &'static str;
    /// The facts that apply.
    fn details(&self) -> Details {
        Details::default()
    }
}

/// The part of a [`CollectedError`] that answers.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// The refusal that the error wraps.
    Of(&'a dyn Refusal),
    /// The error itself, with its kind and its code.
    Own(Kind, &'static str),
}

/// An error of a use case, which collects the refusals of the rules and the services that it uses. It answers as they
/// do. A `match` without a wildcard gives every new variant a verdict of its own.
pub trait CollectedError: Error + Send + Sync + 'static {
    /// Returns the part that answers.
    fn verdict(&self) -> Verdict<'_>;
}

impl<E: CollectedError> Refusal for E {
    fn kind(&self) -> Kind {
        match self.verdict() {
            Verdict::Of(inner) => inner.kind(),
            Verdict::Own(kind, _) => kind,
        }
    }

    fn code(&self) -> &'static str {
        match self.verdict() {
            Verdict::Of(inner) => inner.code(),
            Verdict::Own(_, code) => code,
        }
    }

    fn details(&self) -> Details {
        match self.verdict() {
            Verdict::Of(inner) => inner.details(),
            Verdict::Own(..) => Details::default(),
        }
    }
}
