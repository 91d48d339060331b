//! The nightly comparison with Stripe: events that were not delivered, then every customer, page by page.

use crate::billing::stripe::event::Hint;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a comparison is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// When it was begun: it has this for a name.
    pub begun_at: Timestamp,
    /// What is looked at.
    pub part: Part,
    /// The last thing that was looked at, if there was one.
    pub after: Option<String>,
}

/// What a comparison looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Events that no webhook has taken.
    Events,
    /// Customers.
    Customers,
}

/// The type of the hints by which a comparison has a customer looked at.
pub const TYPE: &str = "berth.comparison";

impl Comparison {
    /// A comparison that begins at `now`.
    #[must_use]
    pub const fn begun(now: Timestamp) -> Self {
        Self { begun_at: now, part: Part::Events, after: None }
    }

    /// The comparison behind the thing `last`; behind the last one of its part, if there is none. `None` is done.
    #[must_use]
    pub fn behind(&self, last: Option<String>) -> Option<Self> {
        let begun_at = self.begun_at;
        match (last, self.part) {
            (Some(last), part) => Some(Self { begun_at, part, after: Some(last) }),
            (None, Part::Events) => Some(Self { begun_at, part: Part::Customers, after: None }),
            (None, Part::Customers) => None,
        }
    }

    /// What has `customer` looked at, once in this comparison.
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
