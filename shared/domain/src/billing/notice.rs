//! Billing notices that a workspace's owners and admins receive by mail, once per event.
//!
//! The notices already sent are stored in the billing itself and change together with it, so that two concurrent
//! comparisons cannot both send one.

use crate::{
    billing::account::{AnnouncedMigration, Billing, SentNotices, UnpaidInvoice},
    billing::subscription::{Status, Subscription},
    plans::catalogue::Plans,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time between the announcement of a trial's end and the end; the same as Stripe's.
/// <https://docs.stripe.com/billing/subscriptions/trials#trial-ending>
pub const TRIAL_ENDING: SignedDuration = SignedDuration::from_hours(3 * 24);

/// A billing notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingNoticeKind {
    /// A payment for the current plan failed.
    PaymentFailed,
    /// The trial ends in a few days.
    TrialEnding,
    /// The payment was not made in time; the plan is no longer in force.
    PlanLapsed,
    /// The operator moves the workspace to another version of its plan.
    PlanMigrated,
}

impl Billing {
    /// Marks all notices that are due at `now` as sent and returns them. `owed` is the unpaid invoice of the
    /// subscription.
    #[must_use]
    pub fn mark_due_notices(
        self,
        plans: Plans,
        now: Timestamp,
        owed: Option<&UnpaidInvoice>,
    ) -> (Self, Vec<BillingNoticeKind>) {
        let mut sent = self.sent_notices.clone();
        let mut notices = Vec::new();
        if let Some(owed) = owed.filter(|owed| sent.owed.as_ref() != Some(*owed)) {
            sent.owed = Some(owed.clone());
            notices.push(BillingNoticeKind::PaymentFailed);
        }
        if let Some(end) = self.trial_ending(now).filter(|end| sent.trial_end != Some(*end)) {
            sent.trial_end = Some(end);
            notices.push(BillingNoticeKind::TrialEnding);
        }
        if let Some(owed) =
            owed.filter(|_| self.has_lapsed(plans, now)).filter(|owed| sent.lapsed.as_ref() != Some(&owed.invoice))
        {
            sent.lapsed = Some(owed.invoice.clone());
            notices.push(BillingNoticeKind::PlanLapsed);
        }
        (Self { sent_notices: sent, ..self }, notices)
    }

    /// The end of the trial, if it is near at `now`.
    #[must_use]
    pub fn trial_ending(&self, now: Timestamp) -> Option<Timestamp> {
        let trialing =
            self.subscription.as_ref().filter(|paid| paid.status == Status::Trialing && paid.ends().is_none());
        trialing.and_then(|paid| paid.trial_end).filter(|end| now < *end && announced_from(*end) <= now)
    }

    /// Marks the announcement of a migration as sent.
    #[must_use]
    pub fn mark_migration(self, migration: AnnouncedMigration) -> Self {
        let sent_notices = SentNotices { migration: Some(migration), ..self.sent_notices.clone() };
        Self { sent_notices, ..self }
    }

    /// The announced migration, if it still is in force or scheduled.
    #[must_use]
    pub fn announced_migration(&self) -> Option<&AnnouncedMigration> {
        let paid = self.subscription.as_ref().filter(|paid| paid.is_payable())?;
        let migration = self.sent_notices.migration.as_ref()?;
        let (plan, interval) = (migration.price.plan, migration.price.interval);
        let is_next = paid.scheduled == Some((plan, interval));
        (is_next || (paid.paid_plan, paid.interval) == (plan, interval)).then_some(migration)
    }

    /// True if the paid plan is not in force at `now`, because a payment is overdue.
    #[must_use]
    pub fn has_lapsed(&self, plans: Plans, now: Timestamp) -> bool {
        self.subscription.as_ref().is_some_and(Subscription::owes) && !self.standing(plans, now).may_run
    }
}

impl Subscription {
    /// True if a payment of the subscription is overdue.
    #[must_use]
    pub const fn owes(&self) -> bool {
        self.status.owes()
    }

    /// Time from which the end of the trial is announced.
    #[must_use]
    pub fn trial_announced_at(&self) -> Option<Timestamp> {
        self.trial_end.map(announced_from)
    }
}

fn announced_from(end: Timestamp) -> Timestamp {
    end.saturating_sub(TRIAL_ENDING).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::money::Currency;
    use crate::{
        billing::subscription::Period,
        plans::{
            money::Interval,
            samples::{plan, plans},
        },
    };
    use expect_test::{Expect, expect};

    fn at(day: u32) -> Timestamp {
        format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn pro(status: Status) -> Billing {
        let subscription = Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan("pro").reference(),
            interval: Interval::Month,
            currency: Some(Currency::USD),
            status,
            period: Period { start: at(1), end: at(20) },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: Some(at(20)),
            grace_until: Some(at(9)),
            scheduled: None,
            first_payment: None,
            seats: None,
            addons: crate::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            collection_paused: false,
            pending_change: None,
        };
        Billing { subscription: Some(subscription), ..Billing::default() }
    }

    fn owed(invoice: &str, attempts: u64) -> UnpaidInvoice {
        UnpaidInvoice { invoice: invoice.to_owned(), attempts }
    }

    /// Expects these notices on each of the days, leaving out those already sent.
    #[track_caller]
    fn check(mut billing: Billing, days: &[(u32, Option<UnpaidInvoice>)], wanted: Expect) {
        let mut said = Vec::new();
        for (day, owed) in days {
            // A repeated comparison sends nothing.
            for _ in 0..2 {
                let (next, notices) = billing.mark_due_notices(plans(), at(*day), owed.as_ref());
                said.extend(notices.into_iter().map(|notice| format!("{day} {notice:?}")));
                billing = next;
            }
        }
        wanted.assert_eq(&said.join(", "));
    }

    #[test]
    fn each_failed_attempt_and_the_end_of_grace_are_sent_once() {
        let days = [(2, Some(owed("in_1", 1))), (5, Some(owed("in_1", 2))), (8, Some(owed("in_1", 2)))];
        check(pro(Status::PastDue), &days, expect!["2 PaymentFailed, 5 PaymentFailed"]);
        let days = [(8, Some(owed("in_1", 1))), (9, Some(owed("in_1", 1))), (12, Some(owed("in_1", 2)))];
        check(pro(Status::PastDue), &days, expect!["8 PaymentFailed, 9 PlanLapsed, 12 PaymentFailed"]);
        check(pro(Status::Unpaid), &[(3, Some(owed("in_1", 4)))], expect!["3 PaymentFailed, 3 PlanLapsed"]);
        check(pro(Status::Active), &[(3, None), (12, None)], expect![""]);
    }

    #[test]
    fn the_end_of_a_trial_is_announced_three_days_before() {
        let days = [(16, None), (17, None), (19, None), (20, None)];
        check(pro(Status::Trialing), &days, expect!["17 TrialEnding"]);
        let mut cancelled = pro(Status::Trialing);
        cancelled.subscription.as_mut().unwrap().cancel_at_period_end = true;
        check(cancelled, &days, expect![""]);
    }

    #[test]
    fn a_contract_does_not_lapse() {
        let contract = Some(serde_json::from_str("{}").unwrap());
        check(Billing { contract, ..pro(Status::Unpaid) }, &[(3, Some(owed("in_1", 1)))], expect!["3 PaymentFailed"]);
    }
}
