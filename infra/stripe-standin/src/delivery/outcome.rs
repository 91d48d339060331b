//! What a test sees of deliveries, and what it may let go wrong with them.

use serde::{Deserialize, Serialize};

/// What goes wrong with deliveries, until it is set otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryFaults {
    /// How many times more each event is sent.
    pub duplicate: u32,
    /// Whether what goes out together goes out in another order.
    pub reorder: bool,
    /// The probability, from 0 to 1, with which an event is never sent at all. It can still be listed.
    pub drop: f64,
    /// Seconds of the stand-in's clock that pass before an event is sent.
    pub delay: u32,
}

/// An event as it is sent, for a test that hands it over itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The event's id.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
    /// The header `Stripe-Signature`.
    pub signature: String,
}

/// One try to deliver an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// The event's id.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// Which try it was, from 1.
    pub attempt: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The webhook answered with this status; only 2xx counts as delivered.
    Status(u16),
    /// No answer came.
    Unreachable(String),
    /// A test took it.
    Taken,
    /// The fault `drop` swallowed it.
    Dropped,
}

impl Outcome {
    /// Whether the event arrived.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        match self {
            Self::Status(status) => (200..300).contains(status),
            Self::Taken => true,
            Self::Unreachable(_) | Self::Dropped => false,
        }
    }
}
