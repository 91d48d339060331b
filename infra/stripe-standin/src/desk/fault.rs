//! Faults of requests that tests can inject: Stripe down, slow, rate-limited, answering nonsense, or answering 500 to a
//! performed request.

use super::message::Incoming;
use crate::error::ApiError;
use serde::{Deserialize, Serialize};

/// Fault, and the requests that it affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestFault {
    /// Number of requests that it affects.
    pub count: u32,
    /// Restricts it to requests of this method, such as `POST`.
    pub method: Option<String>,
    /// Restricts it to requests whose path begins with this.
    pub path: String,
    /// Time before the request is performed, in milliseconds. It is performed even if the client has disconnected.
    pub delay_ms: u64,
    /// Status of the answer, 400 or above.
    pub status: Option<u16>,
    /// True to perform the request before that status is answered.
    pub applied: bool,
    /// Body of the answer, with any status.
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

    /// Returns the error to answer.
    pub(crate) fn trouble(&self) -> Option<ApiError> {
        match self.status? {
            status if status < 400 => None,
            401 => Some(ApiError::unauthorized("Invalid API Key provided.")),
            429 => Some(ApiError::rate_limited()),
            status => Some(ApiError::trouble(status)),
        }
    }
}

/// Takes the first fault that affects the request, and removes it once its count is used up.
pub(crate) fn take(faults: &mut Vec<RequestFault>, incoming: &Incoming) -> Option<RequestFault> {
    let fault = faults.iter_mut().find(|fault| fault.strikes(incoming))?;
    fault.count -= 1;
    let struck = fault.clone();
    faults.retain(|fault| fault.count > 0);
    Some(struck)
}
