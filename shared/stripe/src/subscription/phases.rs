//! Subscription schedules and their phases. An update of a schedule replaces its phases as a whole, so a phase is sent
//! back with everything that Stripe holds for it.
//! <https://docs.stripe.com/api/subscription_schedules/update#update_subscription_schedule-phases>

use super::items::ItemChange;
use crate::shapes::{Identified, Named};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Charge for the rest of the period after a change of a quantity.
/// <https://docs.stripe.com/billing/subscriptions/prorations>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proration {
    /// The next invoice has the difference.
    NextInvoice,
    /// There is none: only the following periods have the new quantity.
    None,
}

impl Proration {
    /// Stripe's name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NextInvoice => "create_prorations",
            Self::None => "none",
        }
    }
}

/// Stripe's subscription schedule object. <https://docs.stripe.com/api/subscription_schedules/object>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Schedule {
    /// Id of the schedule.
    pub id: String,
    #[serde(default = "release")]
    end_behavior: String,
    current_phase: Option<Times>,
    phases: Vec<Phase>,
}

/// Start and end of a phase, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Times {
    start_date: i64,
    end_date: i64,
}

/// A phase, read from a schedule and sent in an update. One-time items (`add_invoice_items`) are left out, because they
/// were invoiced when the phase began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Phase {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<i64>,
    items: Vec<PhaseItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_end: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    discounts: Vec<Discount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_tax: Option<AutomaticTax>,
    #[serde(default, deserialize_with = "ids", skip_serializing_if = "Vec::is_empty")]
    default_tax_rates: Vec<String>,
    #[serde(default, deserialize_with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collection_method: Option<String>,
    #[serde(default, deserialize_with = "maybe_id", skip_serializing_if = "Option::is_none")]
    default_payment_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proration_behavior: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PhaseItem {
    #[serde(deserialize_with = "id")]
    price: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    discounts: Vec<Discount>,
    #[serde(default, deserialize_with = "ids", skip_serializing_if = "Vec::is_empty")]
    tax_rates: Vec<String>,
    #[serde(default, deserialize_with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
}

/// A discount: a new one by its coupon or code, or an existing one, which keeps its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Discount {
    #[serde(default, deserialize_with = "maybe_id", skip_serializing_if = "Option::is_none")]
    coupon: Option<String>,
    #[serde(default, deserialize_with = "maybe_id", skip_serializing_if = "Option::is_none")]
    discount: Option<String>,
    #[serde(default, deserialize_with = "maybe_id", skip_serializing_if = "Option::is_none")]
    promotion_code: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct AutomaticTax {
    enabled: bool,
}

/// An update of a schedule.
#[derive(Serialize)]
pub(super) struct Phases {
    end_behavior: String,
    /// Prorations of a change of the current phase.
    proration_behavior: &'static str,
    phases: Vec<Phase>,
}

impl PhaseItem {
    fn new(price: &str, quantity: u64) -> Self {
        Self {
            price: price.to_owned(),
            quantity: Some(quantity),
            discounts: Vec::new(),
            tax_rates: Vec::new(),
            metadata: BTreeMap::new(),
        }
    }
}

impl Schedule {
    /// Returns the prices of the phase after the current one, with their quantities.
    /// <https://docs.stripe.com/billing/subscriptions/subscription-schedules>
    pub fn next_items(&self) -> impl Iterator<Item = (&str, u64)> {
        let end = self.current_phase.map(|current| current.end_date);
        let next = end.and_then(|end| self.phases.iter().find(|phase| phase.start_date >= Some(end)));
        next.into_iter().flat_map(|phase| &phase.items).map(|item| (item.price.as_str(), item.quantity.unwrap_or(1)))
    }

    /// Returns the time at which the phase after the current one begins, if there is one.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let end = self.current_phase?.end_date;
        self.phases.iter().any(|phase| phase.start_date >= Some(end)).then(|| Timestamp::from_second(end).ok())?
    }

    /// Returns the schedule with the quantity of each item as `wanted` by its price and present quantity, in the current
    /// phase and the later ones. `None` if that changes nothing.
    #[must_use]
    pub fn with_quantities(&self, wanted: impl Fn(&str, u64) -> u64) -> Option<Self> {
        let mut next = self.clone();
        for item in next.phases.iter_mut().skip(self.current()?).flat_map(|phase| &mut phase.items) {
            let present = item.quantity.unwrap_or(1);
            let quantity = wanted(&item.price, present);
            if quantity != present {
                item.quantity = Some(quantity);
            }
        }
        Some(next).filter(|next| next != self)
    }

    /// Returns the prices of the current phase.
    pub fn present_prices(&self) -> impl Iterator<Item = &str> {
        let current = self.current().and_then(|current| self.phases.get(current));
        current.into_iter().flat_map(|phase| &phase.items).map(|item| item.price.as_str())
    }

    /// Returns the prices of the current phase and of the later ones.
    pub(super) fn prices(&self) -> impl Iterator<Item = &str> {
        let phases = self.phases.iter().skip(self.current().unwrap_or_default());
        phases.flat_map(|phase| &phase.items).map(|item| item.price.as_str())
    }

    /// Returns the current phase and the later ones, as they are sent to Stripe.
    pub(super) fn to_phases(&self, proration: Proration) -> Phases {
        let current = self.current().unwrap_or_default();
        Phases {
            end_behavior: self.end_behavior.clone(),
            proration_behavior: proration.name(),
            phases: self.phases.iter().skip(current).cloned().collect(),
        }
    }

    /// Position of the current phase.
    fn current(&self) -> Option<usize> {
        let starts = self.current_phase.map(|current| current.start_date);
        self.phases.iter().position(|phase| starts.is_none() || phase.start_date == starts)
    }

    /// Returns the phases that keep the current one as it is and continue with its items after `changes`. A trial ends with
    /// the current phase. `None` if there is no current phase.
    pub(super) fn followed_by(&self, changes: &[ItemChange<'_>]) -> Option<Phases> {
        let current = self.phases.get(self.current()?)?.clone();
        let mut next = Phase { start_date: None, end_date: None, trial_end: None, ..current.clone() };
        for change in changes {
            match *change {
                ItemChange::Set { item: Some(item), price, quantity } => {
                    for planned in next.items.iter_mut().filter(|planned| planned.price == item.price.id) {
                        price.clone_into(&mut planned.price);
                        planned.quantity = Some(quantity);
                    }
                }
                ItemChange::Set { item: None, price, quantity } => next.items.push(PhaseItem::new(price, quantity)),
                ItemChange::Remove(item) => next.items.retain(|planned| planned.price != item.price.id),
            }
        }
        let phases = vec![current, next];
        Some(Phases { end_behavior: release(), proration_behavior: Proration::NextInvoice.name(), phases })
    }
}

fn release() -> String {
    "release".to_owned()
}

fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Named::<Identified>::deserialize(from).map(|named| named.id().to_owned())
}

fn maybe_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::<Named<Identified>>::deserialize(from).map(|named| named.map(|named| named.id().to_owned()))
}

fn ids<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let named = Option::<Vec<Named<Identified>>>::deserialize(from)?.unwrap_or_default();
    Ok(named.iter().map(|named| named.id().to_owned()).collect())
}

fn pairs<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}
