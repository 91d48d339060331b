//! Deliveries as tests see them, and faults that tests can inject.

use serde::{Deserialize, Serialize};

/// Faults of deliveries, in effect until they are set again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryFaults {
    /// Number of additional deliveries of each event.
    pub duplicate: u32,
    /// True to shuffle events that are sent together.
    pub reorder: bool,
    /// Probability from 0 to 1 with which an event is never sent. It can still be listed.
    pub drop: f64,
    /// Delay before an event is sent, in seconds of the stand-in's clock.
    pub delay: u32,
}

/// Signed event, for a test that delivers it itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Id of the event.
    pub event_id: String,
    /// Type of the event.
    pub event_type: String,
    /// Exact bytes of the body.
    pub body: Vec<u8>,
    /// Header `Stripe-Signature`.
    pub signature: String,
}

/// Attempt to deliver an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Id of the event.
    pub event_id: String,
    /// Type of the event.
    pub event_type: String,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Outcome of the attempt.
    pub outcome: Outcome,
}

/// Outcome of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The webhook answered with this status. Only 2xx counts as delivered.
    Status(u16),
    /// No answer came.
    Unreachable(String),
    /// A test took the event.
    Taken,
    /// The fault `drop` removed it.
    Dropped,
}

impl Outcome {
    /// Returns true if the event arrived.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        match self {
            Self::Status(status) => (200..300).contains(status),
            Self::Taken => true,
            Self::Unreachable(_) | Self::Dropped => false,
        }
    }
}
