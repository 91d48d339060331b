//! The nightly comparison with Stripe: undelivered events first, then every customer, page by page, and
//! the prices.

use crate::billing::stripe::event::Hint;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The progress of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Start of the comparison; also its name.
    pub begun_at: Timestamp,
    /// The current part.
    pub part: ComparisonPart,
    /// The last event or customer that was compared, if any.
    pub after: Option<String>,
}

/// Parts of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonPart {
    /// Events that no webhook has received.
    Events,
    /// Customers.
    Customers,
    /// The prices of the catalogue.
    Prices,
}

/// Type of the hints by which a comparison requests the check of a customer.
pub const TYPE: &str = "berth.comparison";

impl Comparison {
    /// Creates a comparison that begins at `now`.
    #[must_use]
    pub const fn begun(now: Timestamp) -> Self {
        Self { begun_at: now, part: ComparisonPart::Events, after: None }
    }

    /// Moves on after `last`, or to the next part if there is none. `None` if the comparison is done.
    #[must_use]
    pub fn advanced_past(&self, last: Option<String>) -> Option<Self> {
        let begun_at = self.begun_at;
        match (last, self.part) {
            (Some(last), part) => Some(Self { begun_at, part, after: Some(last) }),
            (None, ComparisonPart::Events) => Some(Self { begun_at, part: ComparisonPart::Customers, after: None }),
            (None, ComparisonPart::Customers) => Some(Self { begun_at, part: ComparisonPart::Prices, after: None }),
            (None, ComparisonPart::Prices) => None,
        }
    }

    /// Creates the hint that requests the check of `customer`, once per comparison.
    #[must_use]
    pub fn hint(&self, customer: &str) -> Hint {
        let created = self.begun_at.as_second();
        Hint {
            id: format!("comparison-{created}-{customer}"),
            r#type: TYPE.to_owned(),
            object: Some(customer.to_owned()),
            customer: Some(customer.to_owned()),
            created,
            livemode: false,
        }
    }
}
