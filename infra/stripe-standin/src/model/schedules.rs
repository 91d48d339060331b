//! Subscription schedules (<https://docs.stripe.com/api/subscription_schedules/object>).

use super::{
    catalogue::DiscountRequest,
    items::{NewItem, ProrationBehavior},
};
use crate::{
    ids::{CustomerId, ScheduleId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// Planned phases of a subscription.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) id: ScheduleId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) status: ScheduleStatus,
    /// Subscription that it manages.
    pub(crate) subscription: Option<SubscriptionId>,
    /// Subscription that it managed until its release.
    pub(crate) released_subscription: Option<SubscriptionId>,
    pub(crate) phases: Vec<Phase>,
    /// Index of the current phase.
    pub(crate) current: usize,
    pub(crate) end_behavior: EndBehavior,
    pub(crate) metadata: Metadata,
    pub(crate) canceled_at: Option<Timestamp>,
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) released_at: Option<Timestamp>,
}

/// Phase of a schedule. What it does not name, its subscription does not have in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phase {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) items: Vec<NewItem>,
    pub(crate) proration: ProrationBehavior,
    pub(crate) metadata: Metadata,
    pub(crate) discounts: Vec<DiscountRequest>,
    pub(crate) trial_end: Option<Timestamp>,
    pub(crate) automatic_tax: Option<bool>,
    pub(crate) description: Option<String>,
}

/// Status of a schedule. Schedules of the stand-in begin with their subscription, so none is `not_started`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduleStatus {
    Active,
    Completed,
    Released,
    Canceled,
}

/// Behaviour after the last phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndBehavior {
    Release,
    Cancel,
}

impl Schedule {
    /// Returns the current phase.
    pub(crate) fn current_phase(&self) -> Option<&Phase> {
        if self.status == ScheduleStatus::Active { self.phases.get(self.current) } else { None }
    }

    /// Returns the end of the current phase.
    pub(crate) fn phase_ends(&self) -> Option<Timestamp> {
        self.current_phase().map(|phase| phase.end)
    }
}
