//! Course of a schedule, from phase to phase and to its end
//! (<https://docs.stripe.com/billing/subscriptions/subscription-schedules>).

use crate::{
    error::Result,
    ids::{ScheduleId, SubscriptionId},
    model::{Cancellation, EndBehavior, EndReason, Phase, ScheduleStatus, Subscription, SubscriptionStatus},
    state::State,
    transitions::subscriptions::{SubscriptionUpdate, changes_to},
    view,
};
use jiff::Timestamp;

impl State {
    /// Releases the subscription, which stays unchanged (<https://docs.stripe.com/api/subscription_schedules/release>).
    pub(crate) fn release_schedule(&mut self, id: &ScheduleId, preserve_cancel_date: bool) -> Result<()> {
        let schedule = self.managed(id, "release")?;
        let end = schedule.phases.last().map(|phase| phase.end);
        let cancels = preserve_cancel_date && schedule.end_behavior == EndBehavior::Cancel;
        let subscription = self.finish_schedule(id, ScheduleStatus::Released)?;
        self.emit_schedule("subscription_schedule.released", id)?;
        let cancellation = if cancels { end.map(Cancellation::At) } else { None };
        match subscription {
            Some(subscription) => self.detach(&subscription, cancellation),
            None => Ok(()),
        }
    }

    /// Ends the schedule and its subscription immediately (<https://docs.stripe.com/api/subscription_schedules/cancel>).
    pub(crate) fn cancel_schedule(&mut self, id: &ScheduleId) -> Result<()> {
        let subscription = self.managed(id, "cancel")?.subscription.clone();
        match subscription {
            Some(subscription) => self.end_subscription(&subscription, EndReason::Requested),
            None => Ok(()),
        }
    }

    /// Ends the schedule of a subscription that has ended.
    pub(in crate::transitions) fn schedule_lost_subscription(&mut self, id: &ScheduleId) -> Result<()> {
        if self.schedules.known(id)?.status != ScheduleStatus::Active {
            return Ok(());
        }
        self.finish_schedule(id, ScheduleStatus::Canceled)?;
        self.emit_schedule("subscription_schedule.canceled", id)
    }

    /// Ends the current phase: begins the next one, or completes the schedule.
    pub(in crate::transitions) fn next_phase(&mut self, id: &ScheduleId) -> Result<()> {
        let schedule = self.schedules.known(id)?;
        let next = schedule.phases.get(schedule.current.saturating_add(1)).cloned();
        let (end_behavior, subscription) = (schedule.end_behavior, schedule.subscription.clone());
        let Some(subscription) = subscription else { return Ok(()) };
        let Some(phase) = next else {
            self.finish_schedule(id, ScheduleStatus::Completed)?;
            self.emit_schedule("subscription_schedule.completed", id)?;
            return match end_behavior {
                EndBehavior::Release => self.detach(&subscription, None),
                EndBehavior::Cancel => self.end_subscription(&subscription, EndReason::Requested),
            };
        };
        let before = view::schedule(self, self.schedules.known(id)?)?;
        self.schedules.known_mut(id)?.current += 1;
        let after = view::schedule(self, self.schedules.known(id)?)?;
        self.emit_change("subscription_schedule.updated", before, after);
        // https://docs.stripe.com/billing/subscriptions/pending-updates#pending-updates-and-subscription-schedules
        self.expire_pending_update(&subscription)?;
        self.begin_phase(&subscription, phase)
    }

    /// Applies a phase to the subscription. At the end of a period it determines the renewal, within a period it is
    /// prorated.
    fn begin_phase(&mut self, id: &SubscriptionId, phase: Phase) -> Result<()> {
        self.set_phase_terms(id, &phase)?;
        let subscription = self.subscriptions.known(id)?.clone();
        let changes = changes_to(&subscription.items, &phase.items);
        if subscription.period.end > self.now {
            self.change_subscription(id, SubscriptionUpdate::of_items(changes, phase.proration))?;
            return self.set_trial_end(id, phase.trial_end);
        }
        let items = self.changed_items(&subscription, &changes);
        let (old, new) = (self.interval_of(&subscription.items)?, self.interval_of(&items)?);
        let now = self.now;
        self.amend_subscription(id, |subscription| {
            subscription.items = items;
            if old != new {
                subscription.anchor = now;
            }
        })
    }

    /// Gives the subscription what the phase names besides its items. What the phase does not name is removed, except
    /// for metadata, which is merged (<https://docs.stripe.com/api/subscription_schedules/update>, `phases`).
    pub(super) fn set_phase_terms(&mut self, id: &SubscriptionId, phase: &Phase) -> Result<()> {
        let discounts = self.redeem(id, &phase.discounts)?;
        self.amend_subscription(id, |subscription| {
            subscription.metadata.extend(phase.metadata.clone());
            subscription.discounts = discounts;
            subscription.automatic_tax = phase.automatic_tax.unwrap_or_default();
            subscription.description.clone_from(&phase.description);
        })
    }

    /// Moves the end of a trial. Without one the trial ends now.
    pub(super) fn set_trial_end(&mut self, id: &SubscriptionId, wanted: Option<Timestamp>) -> Result<()> {
        let subscription = self.subscriptions.known(id)?;
        if subscription.status != SubscriptionStatus::Trialing {
            return Ok(());
        }
        let Some(end) = wanted.filter(|end| *end > self.now) else { return self.end_trial(id) };
        self.amend_subscription(id, |subscription| {
            subscription.anchor = end;
            subscription.period.end = end;
            if let Some(trial) = &mut subscription.trial {
                trial.end = end;
            }
        })
    }

    fn finish_schedule(&mut self, id: &ScheduleId, status: ScheduleStatus) -> Result<Option<SubscriptionId>> {
        let now = self.now;
        let schedule = self.schedules.known_mut(id)?;
        schedule.status = status;
        let at = match status {
            ScheduleStatus::Completed => &mut schedule.completed_at,
            ScheduleStatus::Canceled => &mut schedule.canceled_at,
            ScheduleStatus::Released | ScheduleStatus::Active => &mut schedule.released_at,
        };
        *at = Some(now);
        let subscription = schedule.subscription.take();
        if status != ScheduleStatus::Canceled {
            schedule.released_subscription.clone_from(&subscription);
        }
        Ok(subscription)
    }

    fn detach(&mut self, id: &SubscriptionId, cancellation: Option<Cancellation>) -> Result<()> {
        let now = self.now;
        self.amend_subscription(id, |subscription: &mut Subscription| {
            subscription.schedule = None;
            subscription.cancellation = cancellation;
            subscription.canceled_at = cancellation.map(|_| now);
        })
    }
}
