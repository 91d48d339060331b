//! What every error of Berth says of itself: its kind, a stable code, and the facts that help the reader.
//!
//! Errors know nothing of HTTP; `http::problem` turns kinds into status codes, in one place.

use crate::{identity::access::Role, plans::plan::Plan, usage::Meter};
use jiff::Timestamp;
use std::error::Error;

/// The most errors of fields that are collected of one request: enough to correct it, however many it has.
pub const MAX_FIELD_ERRORS: usize = 20;

/// The kinds of refusal and failure, as a caller may act on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is malformed.
    Invalid,
    /// It is not known who asks.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// There is no such thing, or none that this caller may know of.
    Absent,
    /// The state of things does not allow it now.
    Conflict,
    /// The state is not the one the caller required.
    Stale,
    /// The plan does not allow it.
    OverPlan,
    /// More was asked for in a stretch of time than it allows.
    TooMany,
    /// An idempotency key was used for another request.
    KeyReused,
    /// The request is larger than is taken.
    TooLarge,
    /// A dependency did not answer; the same request may succeed later.
    Unavailable,
    /// A defect of Berth or of its data.
    Internal,
}

/// Facts beside the message, each present where it applies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The least role that may do this.
    pub required_role: Option<Role>,
    /// The meter whose limit was met.
    pub meter: Option<Meter>,
    /// The limit that was met.
    pub limit: Option<u64>,
    /// What is used of it.
    pub used: Option<u64>,
    /// When the use starts anew.
    pub resets_at: Option<Timestamp>,
    /// The next plan with a higher limit.
    pub upgrade_to: Option<Plan>,
    /// After how many seconds it is worth another try.
    pub retry_after: Option<u64>,
}

/// An error that can be answered. Its `Display` is read by customers and names no internals; what is internal stands
/// in its `source`, which only the log sees.
pub trait Refusal: Error + Send + Sync + 'static {
    /// How the caller may act on it.
    fn kind(&self) -> Kind;
    /// A stable name for programs, in snake case.
    fn code(&self) -> &'static str;
    /// The facts that apply.
    fn details(&self) -> Details {
        Details::default()
    }
}
