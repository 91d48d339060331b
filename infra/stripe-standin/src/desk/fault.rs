//! What goes wrong with requests at a test's wish: Stripe down, slow, rate-limited, answering nonsense, or answering
//! 500 to what it has done.

use super::message::Incoming;
use crate::error::ApiError;
use serde::{Deserialize, Serialize};

/// A fault, and which requests it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestFault {
    /// How many requests it strikes.
    pub count: u32,
    /// Only requests of this method, as `POST`.
    pub method: Option<String>,
    /// Only requests whose path begins so.
    pub path: String,
    /// How long the request runs before it is performed, in milliseconds. It is performed even if nobody waits for its
    /// answer any longer.
    pub delay_ms: u64,
    /// The status that is answered instead, from 400 on.
    pub status: Option<u16>,
    /// Whether the request is performed all the same, before that status is answered.
    pub applied: bool,
    /// A body to answer instead, whatever the status.
    pub body: Option<String>,
}

impl Default for RequestFault {
    fn default() -> Self {
        Self { count: 1, method: None, path: "/v1/".to_owned(), delay_ms: 0, status: None, applied: false, body: None }
    }
}

impl RequestFault {
    fn strikes(&self, incoming: &Incoming) -> bool {
        let method = self.method.as_ref().is_none_or(|method| *method == incoming.method);
        self.count > 0 && method && incoming.path.starts_with(&self.path)
    }

    /// The error that is answered instead.
    pub(crate) fn trouble(&self) -> Option<ApiError> {
        match self.status? {
            status if status < 400 => None,
            401 => Some(ApiError::unauthorized("Invalid API Key provided.")),
            429 => Some(ApiError::rate_limited()),
            status => Some(ApiError::trouble(status)),
        }
    }
}

/// The first fault that strikes the request; struck often enough, it is gone.
pub(crate) fn take(faults: &mut Vec<RequestFault>, incoming: &Incoming) -> Option<RequestFault> {
    let fault = faults.iter_mut().find(|fault| fault.strikes(incoming))?;
    fault.count -= 1;
    let struck = fault.clone();
    faults.retain(|fault| fault.count > 0);
    Some(struck)
}
