//! Subscription schedules (<https://docs.stripe.com/billing/subscriptions/subscription-schedules>): planned changes of a
//! subscription, phase by phase.

use crate::{
    error::{ApiError, Result},
    ids::{ScheduleId, SubscriptionId},
    model::{
        DiscountRequest, EndBehavior, NewItem, Phase, ProrationBehavior, Schedule, ScheduleStatus, SubscriptionStatus,
    },
    params::{Metadata, MetadataChange},
    state::State,
    transitions::subscriptions::{SubscriptionUpdate, changes_to},
    view,
};

/// Parameters of an update.
#[derive(Debug, Default)]
pub(crate) struct ScheduleUpdate {
    pub(crate) phases: Option<Vec<Phase>>,
    pub(crate) end_behavior: Option<EndBehavior>,
    pub(crate) metadata: MetadataChange,
    /// Applies to a change of the current phase.
    pub(crate) proration: Option<ProrationBehavior>,
}

impl State {
    /// Creates a schedule for a subscription. Its first phase is the present state until the end of the period
    /// (<https://docs.stripe.com/api/subscription_schedules/create>, `from_subscription`).
    pub(crate) fn create_schedule(&mut self, id: &SubscriptionId) -> Result<ScheduleId> {
        let subscription = self.subscriptions.find(id, "from_subscription")?;
        if let Some(schedule) = &subscription.schedule {
            return Err(ApiError::refused(format!(
                "You cannot migrate a subscription that is already attached to a schedule: `{schedule}`."
            )));
        }
        if !subscription.is_live() || subscription.status == SubscriptionStatus::Incomplete {
            let message = "You cannot create a subscription schedule from a subscription that has ended, or whose \
                           first invoice is not paid.";
            return Err(ApiError::refused(message));
        }
        let (end, end_behavior) = match subscription.ends_at() {
            Some(at) => (at, EndBehavior::Cancel),
            None => (subscription.period.end, EndBehavior::Release),
        };
        let phase = Phase {
            start: subscription.period.start,
            end,
            items: subscription
                .items
                .iter()
                .map(|item| NewItem { price: item.price.clone(), quantity: item.quantity })
                .collect(),
            proration: ProrationBehavior::CreateProrations,
            metadata: Metadata::new(),
            discounts: subscription.discounts.iter().cloned().map(DiscountRequest::Existing).collect(),
            trial_end: subscription.trial.map(|trial| trial.end).filter(|end| *end > self.now),
            automatic_tax: subscription.automatic_tax.then_some(true),
            description: subscription.description.clone(),
        };
        let customer = subscription.customer.clone();
        let schedule = Schedule {
            id: self.fresh(),
            created: self.now,
            customer,
            status: ScheduleStatus::Active,
            subscription: Some(id.clone()),
            released_subscription: None,
            phases: vec![phase],
            current: 0,
            end_behavior,
            metadata: Metadata::new(),
            canceled_at: None,
            completed_at: None,
            released_at: None,
        };
        let made = schedule.id.clone();
        self.schedules.put(made.clone(), schedule);
        self.emit_schedule("subscription_schedule.created", &made)?;
        self.amend_subscription(id, |subscription| subscription.schedule = Some(made.clone()))?;
        Ok(made)
    }

    /// Changes the plan. A change of the current phase takes effect immediately.
    pub(crate) fn update_schedule(&mut self, id: &ScheduleId, update: ScheduleUpdate) -> Result<()> {
        let before = self.managed(id, "update")?.clone();
        let mut changed = before.clone();
        update.metadata.apply(&mut changed.metadata)?;
        changed.end_behavior = update.end_behavior.unwrap_or(changed.end_behavior);
        if let Some(phases) = update.phases {
            self.check_phases(&before, &phases)?;
            (changed.phases, changed.current) = (phases, 0);
        }
        let runs = changed.current_phase().cloned();
        let object = view::schedule(self, &before)?;
        self.schedules.put(id.clone(), changed);
        if let (Some(phase), Some(subscription)) = (runs, &before.subscription) {
            let proration = update.proration.unwrap_or(phase.proration);
            self.set_phase_terms(subscription, &phase)?;
            let changes = changes_to(&self.subscriptions.known(subscription)?.items, &phase.items);
            self.change_subscription(subscription, SubscriptionUpdate::of_items(changes, proration))?;
            self.set_trial_end(subscription, phase.trial_end)?;
        }
        let after = view::schedule(self, self.schedules.known(id)?)?;
        self.emit_change("subscription_schedule.updated", object, after);
        Ok(())
    }

    /// Checks that the phases begin with the current one and follow each other without a gap
    /// (<https://docs.stripe.com/billing/subscriptions/subscription-schedules/use-cases>).
    fn check_phases(&self, schedule: &Schedule, phases: &[Phase]) -> Result<()> {
        let start = schedule.current_phase().map(|phase| phase.start);
        if phases.first().map(|phase| phase.start) != start {
            return Err(ApiError::refused("You can not modify the start date of the current phase."));
        }
        if phases.first().is_some_and(|phase| phase.end <= self.now) {
            return Err(ApiError::refused("The current phase must end in the future."));
        }
        let held = match &schedule.subscription {
            Some(subscription) => self.subscriptions.known(subscription)?.items.clone(),
            None => Vec::new(),
        };
        let mut previous: Option<&Phase> = None;
        for (index, phase) in phases.iter().enumerate() {
            self.check_items(&phase.items, &held, &format!("phases[{index}][items]"))?;
            let (_, currency) = self.bought(&phase.items)?;
            self.check_discounts(&phase.discounts, currency, &format!("phases[{index}][discounts]"))?;
            if phase.end <= phase.start || previous.is_some_and(|previous| previous.end != phase.start) {
                let message = "The phases of a schedule must be in order and follow each other without a gap.";
                return Err(ApiError::refused(message));
            }
            previous = Some(phase);
        }
        Ok(())
    }

    /// Finds the schedule if it still manages a subscription.
    pub(in crate::transitions) fn managed(&self, id: &ScheduleId, verb: &str) -> Result<&Schedule> {
        let schedule = self.schedules.find(id, "id")?;
        if schedule.status == ScheduleStatus::Active {
            return Ok(schedule);
        }
        let status = view::schedule_status(schedule.status);
        Err(ApiError::refused(format!(
            "You cannot {verb} a subscription schedule that is currently in the `{status}` status. It must be in the \
             `not_started` or `active` status."
        )))
    }

    pub(in crate::transitions) fn emit_schedule(&mut self, kind: &'static str, id: &ScheduleId) -> Result<()> {
        let object = view::schedule(self, self.schedules.known(id)?)?;
        self.emit(kind, object);
        Ok(())
    }
}
