//! Origins of requests.

/// The origin of a request; stored with the changes it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The gateway's id of the request.
    pub request_id: String,
    /// The IP address that the gateway saw.
    pub ip_address: Option<String>,
}
