//! Request to the API, and its answer.

use crate::ids::RequestId;

/// Incoming request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Pairs of the query and of the body.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

/// Answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) request: RequestId,
    pub(crate) idempotency_key: Option<String>,
    /// Earlier request whose answer this repeats.
    pub(crate) original: Option<RequestId>,
}
