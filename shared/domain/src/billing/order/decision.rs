//! Orders of a workspace: the decision on each, given its current subscription.

use super::OrderError;
use crate::{
    billing::account::Billing,
    billing::subscription::{FirstPayment, Status, Subscription},
    plans::plan::{Interval, Plan},
};
use jiff::{SignedDuration, Timestamp};

/// Time before a scheduled change in which no upgrade is made. An unpaid upgrade expires within 23 hours, so its outcome is
/// known before the scheduled change would take effect.
/// <https://docs.stripe.com/billing/subscriptions/pending-updates-reference#expiration>
pub const UPGRADE_MARGIN: SignedDuration = SignedDuration::from_hours(24);

/// Decision on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderDecision {
    /// No subscription yet: open a checkout page.
    Checkout(Plan, Interval),
    /// An upgrade: change now, and only if it is paid.
    Now(Plan, Interval),
    /// A downgrade: change when the current period ends.
    AtPeriodEnd(Plan, Interval),
    /// Cancel when the current period ends.
    Cancel,
    /// End now, since the rest of the period gives nothing.
    End,
    /// Keep the current plan and withdraw the scheduled change.
    Keep,
    /// The change is already scheduled.
    Expected,
}

/// Checks that a workspace with this billing can buy `plan` on a checkout page.
///
/// # Errors
/// [`OrderError`] if the plan is not sold, or the workspace has a contract or a subscription.
pub fn check_checkout(billing: &Billing, plan: Plan) -> Result<(), OrderError> {
    match (plan, living(billing)) {
        (Plan::Free, _) => Err(OrderError::NotSold),
        (Plan::Starter | Plan::Pro | Plan::Business | Plan::Enterprise, _) if billing.contract.is_some() => {
            Err(OrderError::UnderContract)
        }
        (Plan::Enterprise, _) => Err(OrderError::ContractRequired),
        (Plan::Starter | Plan::Pro | Plan::Business, Some(present)) => {
            Err(refusal(present.status, present.first_payment))
        }
        (Plan::Starter | Plan::Pro | Plan::Business, None) => Ok(()),
    }
}

/// The reason for which a subscription with this status and first payment is not replaced by a new one. It says what
/// the customer can do next.
#[must_use]
pub const fn refusal(status: Status, first: Option<FirstPayment>) -> OrderError {
    match (status, first) {
        (_, Some(FirstPayment::Pending)) => OrderError::PaymentPending,
        (Status::PastDue, Some(FirstPayment::Failed) | None) => OrderError::PastDue,
        // One that could not be ended has a payment that is on its way.
        (Status::Unpaid | Status::Paused | Status::Incomplete, Some(FirstPayment::Failed) | None) => {
            OrderError::PaymentPending
        }
        (
            Status::Active | Status::Trialing | Status::IncompleteExpired | Status::Canceled,
            Some(FirstPayment::Failed) | None,
        ) => OrderError::AlreadySubscribed,
    }
}

impl Billing {
    /// Returns the precise reason for a purchase that was refused with `refused`, given the billing that was read since.
    #[must_use]
    pub fn precise(&self, refused: OrderError) -> OrderError {
        match living(self).filter(|_| refused == OrderError::AlreadySubscribed) {
            Some(present) => refusal(present.status, present.first_payment),
            None => refused,
        }
    }
}

/// Decides at `now` on a change to `plan`, paid every `interval`; by default at the current interval.
///
/// # Errors
/// [`OrderError`] if the plan cannot be ordered, changes nothing, a payment is open, or a scheduled change is too near.
pub fn change(
    billing: &Billing,
    plan: Plan,
    interval: Option<Interval>,
    now: Timestamp,
) -> Result<OrderDecision, OrderError> {
    if billing.contract.is_some() {
        return under_contract(billing, plan, now);
    }
    let present = living(billing);
    if plan == Plan::Enterprise && present.is_none_or(|present| present.paid_plan != plan) {
        return Err(OrderError::ContractRequired);
    }
    if plan == Plan::Free {
        let decision = cancel(billing, now);
        return if decision == Err(OrderError::NotSubscribed) { Err(OrderError::Unchanged) } else { decision };
    }
    let Some(present) = present else {
        return Ok(OrderDecision::Checkout(plan, interval.unwrap_or(Interval::Month)));
    };
    let refusal = refusal(present.status, present.first_payment);
    if refusal != OrderError::AlreadySubscribed {
        return Err(refusal);
    }
    let wanted = (plan, interval.unwrap_or(present.interval));
    if wanted == (present.paid_plan, present.interval) {
        return keep(present, now);
    }
    let (pending, expected) = (present.pending_at(now), present.scheduled == Some(wanted));
    let longer = wanted == (present.paid_plan, Interval::Year);
    if plan > present.paid_plan || longer {
        let waits = pending.is_some_and(|change| wanted == (change.plan, change.interval));
        return match check_upgrade_time(replaced_at(present), now) {
            Err(_) if expected && pending.is_none() => Ok(OrderDecision::Expected),
            Err(error) if !waits => Err(error),
            Ok(()) | Err(_) => Ok(OrderDecision::Now(wanted.0, wanted.1)),
        };
    }
    let expected = expected && pending.is_none();
    Ok(if expected { OrderDecision::Expected } else { OrderDecision::AtPeriodEnd(wanted.0, wanted.1) })
}

/// Checks that the outcome of an upgrade made at `now` is known before the scheduled change at `replaced_at` takes effect.
///
/// # Errors
/// [`OrderError::ScheduledSoon`] otherwise.
pub fn check_upgrade_time(replaced_at: Option<Timestamp>, now: Timestamp) -> Result<(), OrderError> {
    let soon = replaced_at.is_some_and(|at| at.duration_since(now) < UPGRADE_MARGIN);
    if soon { Err(OrderError::ScheduledSoon) } else { Ok(()) }
}

/// The time of the scheduled change or cancellation that an upgrade replaces once it is paid. A cancellation at the end of
/// the period is not among them, because Stripe withdraws it together with the upgrade.
fn replaced_at(present: &Subscription) -> Option<Timestamp> {
    let ends = present.cancel_at.filter(|_| !present.cancel_at_period_end);
    present.scheduled.map(|_| present.period.end).into_iter().chain(ends).min()
}

/// Decides to keep the current plan, if anything else is scheduled or pending.
fn keep(present: &Subscription, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let changes = present.scheduled.is_some() || present.ends().is_some() || present.pending_at(now).is_some();
    if changes { Ok(OrderDecision::Keep) } else { Err(OrderError::Unchanged) }
}

/// Decides at `now` on a cancellation. A subscription that gives nothing ends now. One whose first invoice is not paid yet counts
/// as none: Stripe ends it within a day. Further subscriptions that renew are cancelled, too. A
/// pending change would withdraw the cancellation, so it is withdrawn in any case.
///
/// # Errors
/// [`OrderError::NotSubscribed`] if there is no subscription, [`OrderError::PaymentPending`] if its first payment
/// decides whether there will be one.
pub fn cancel(billing: &Billing, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let present =
        billing.subscription.as_ref().filter(|present| present.is_payable()).ok_or(OrderError::NotSubscribed)?;
    let cancelled = present.ends().is_some() && present.pending_at(now).is_none();
    match (present.status, present.is_replaceable()) {
        (Status::Incomplete, true) => Err(OrderError::NotSubscribed),
        (Status::Incomplete, false) => Err(OrderError::PaymentPending),
        (
            Status::Active
            | Status::Trialing
            | Status::PastDue
            | Status::Unpaid
            | Status::Paused
            | Status::IncompleteExpired
            | Status::Canceled,
            replaceable,
        ) => Ok(match (replaceable, cancelled) {
            (true, _) => OrderDecision::End,
            (false, true) if billing.other_subscriptions.is_empty() => OrderDecision::Expected,
            (false, _) => OrderDecision::Cancel,
        }),
    }
}

/// Decides at `now` on the withdrawal of a scheduled change, a pending change or a cancellation.
///
/// # Errors
/// [`OrderError`] if there is a contract or no subscription, or nothing is scheduled or pending.
pub fn resume(billing: &Billing, now: Timestamp) -> Result<OrderDecision, OrderError> {
    if billing.contract.is_some() {
        return Err(OrderError::UnderContract);
    }
    keep(living(billing).ok_or(OrderError::NotSubscribed)?, now)
}

/// Decides on an order of a workspace with a contract: nothing else can be bought, and an existing subscription can
/// only end.
fn under_contract(billing: &Billing, plan: Plan, now: Timestamp) -> Result<OrderDecision, OrderError> {
    match (plan, cancel(billing, now)) {
        (Plan::Free | Plan::Enterprise, Ok(decision)) => Ok(decision),
        (Plan::Enterprise, Err(_)) => Err(OrderError::Unchanged),
        (Plan::Free | Plan::Starter | Plan::Pro | Plan::Business, _) => Err(OrderError::UnderContract),
    }
}

/// The subscription that gives a plan, or will as soon as a payment that is on its way has arrived. Any other one
/// counts as none: a checkout ends it.
fn living(billing: &Billing) -> Option<&Subscription> {
    billing.subscription.as_ref().filter(|subscription| subscription.is_payable() && !subscription.is_replaceable())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;
    use crate::{
        billing::{pending::PendingChange, subscription::Period},
        plans::contract::Contract,
    };
    use expect_test::expect;

    fn paying(plan: Plan, interval: Interval) -> Subscription {
        let at = |text: &str| text.parse().unwrap();
        Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan,
            interval,
            status: Status::Active,
            period: Period { start: at("2026-11-01T00:00:00Z"), end: at("2026-12-01T00:00:00Z") },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            collection_paused: false,
            pending_change: None,
        }
    }

    fn of(subscription: Option<Subscription>) -> Billing {
        Billing { subscription, ..Billing::default() }
    }

    fn now() -> Timestamp {
        "2026-11-15T00:00:00Z".parse().unwrap()
    }

    fn pending(plan: Plan, expires_at: &str) -> Option<PendingChange> {
        Some(PendingChange { plan, interval: Interval::Month, url: None, expires_at: expires_at.parse().unwrap() })
    }

    fn contract() -> Contract {
        serde_json::from_str("{}").unwrap()
    }

    fn row(name: &str, billing: &Billing) -> String {
        let wanted = [
            (Plan::Free, None),
            (Plan::Starter, None),
            (Plan::Pro, Some(Interval::Month)),
            (Plan::Pro, Some(Interval::Year)),
            (Plan::Business, None),
            (Plan::Enterprise, None),
        ];
        let said = wanted.map(|(plan, interval)| match change(billing, plan, interval, now()) {
            Ok(decision) => format!("{decision:?}"),
            Err(error) => error.code().to_owned(),
        });
        format!("{name}: {}\n", said.join(" | "))
    }

    #[test]
    fn every_change_from_every_plan() {
        let mut table = row("nothing", &of(None));
        for plan in [Plan::Starter, Plan::Pro, Plan::Business] {
            for interval in Interval::ALL {
                table += &row(&format!("{plan} {}", interval.name()), &of(Some(paying(plan, interval))));
            }
        }
        let pro = || paying(Plan::Pro, Interval::Month);
        table += &row("pro, cancelled", &of(Some(Subscription { cancel_at_period_end: true, ..pro() })));
        let scheduled = Some((Plan::Starter, Interval::Month));
        table += &row("pro, starter follows", &of(Some(Subscription { scheduled, ..pro() })));
        let waits = |from| Subscription { pending_change: pending(Plan::Business, "2026-11-15T09:00:00Z"), ..from };
        table += &row("pro, business pending", &of(Some(waits(pro()))));
        table += &row(
            "pro, cancelled, business pending",
            &of(Some(waits(Subscription { cancel_at_period_end: true, ..pro() }))),
        );
        table += &row("pro, starter follows, business pending", &of(Some(waits(Subscription { scheduled, ..pro() }))));
        let expired = pending(Plan::Business, "2026-11-15T00:00:00Z");
        table += &row("pro, business expired", &of(Some(Subscription { pending_change: expired, ..pro() })));
        table += &row("pro, past due", &of(Some(Subscription { status: Status::PastDue, ..pro() })));
        for status in [Status::Unpaid, Status::Paused] {
            table += &row(&format!("pro, {status:?}"), &of(Some(Subscription { status, ..pro() })));
        }
        for (status, first) in [
            (Status::Active, FirstPayment::Pending),
            (Status::Incomplete, FirstPayment::Pending),
            (Status::PastDue, FirstPayment::Failed),
        ] {
            let waiting = Subscription { status, first_payment: Some(first), ..pro() };
            table += &row(&format!("pro, {status:?}, first payment {first:?}"), &of(Some(waiting)));
        }
        table += &row("pro, incomplete", &of(Some(Subscription { status: Status::Incomplete, ..pro() })));
        table += &row("pro, ended", &of(Some(Subscription { status: Status::Canceled, ..pro() })));
        let agreed = |subscription| Billing { contract: Some(contract()), ..of(subscription) };
        table += &row("contract", &agreed(None));
        table += &row("contract, pro", &agreed(Some(pro())));
        table += &row("contract, pro, past due", &agreed(Some(Subscription { status: Status::PastDue, ..pro() })));
        expect![[r#"
            nothing: plan_unchanged | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            starter month: Cancel | plan_unchanged | Now(Pro, Month) | Now(Pro, Year) | Now(Business, Month) | contract_required
            starter year: Cancel | plan_unchanged | Now(Pro, Month) | Now(Pro, Year) | Now(Business, Year) | contract_required
            pro month: Cancel | AtPeriodEnd(Starter, Month) | plan_unchanged | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro year: Cancel | AtPeriodEnd(Starter, Year) | AtPeriodEnd(Pro, Month) | plan_unchanged | Now(Business, Year) | contract_required
            business month: Cancel | AtPeriodEnd(Starter, Month) | AtPeriodEnd(Pro, Month) | AtPeriodEnd(Pro, Year) | plan_unchanged | contract_required
            business year: Cancel | AtPeriodEnd(Starter, Year) | AtPeriodEnd(Pro, Month) | AtPeriodEnd(Pro, Year) | plan_unchanged | contract_required
            pro, cancelled: Expected | AtPeriodEnd(Starter, Month) | Keep | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, starter follows: Cancel | Expected | Keep | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, business pending: Cancel | AtPeriodEnd(Starter, Month) | Keep | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, cancelled, business pending: Cancel | AtPeriodEnd(Starter, Month) | Keep | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, starter follows, business pending: Cancel | AtPeriodEnd(Starter, Month) | Keep | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, business expired: Cancel | AtPeriodEnd(Starter, Month) | plan_unchanged | Now(Pro, Year) | Now(Business, Month) | contract_required
            pro, past due: Cancel | workspace_past_due | workspace_past_due | workspace_past_due | workspace_past_due | contract_required
            pro, Unpaid: End | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            pro, Paused: End | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            pro, Active, first payment Pending: Cancel | payment_pending | payment_pending | payment_pending | payment_pending | contract_required
            pro, Incomplete, first payment Pending: payment_pending | payment_pending | payment_pending | payment_pending | payment_pending | contract_required
            pro, PastDue, first payment Failed: End | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            pro, incomplete: plan_unchanged | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            pro, ended: plan_unchanged | Checkout(Starter, Month) | Checkout(Pro, Month) | Checkout(Pro, Year) | Checkout(Business, Month) | contract_required
            contract: contract_in_force | contract_in_force | contract_in_force | contract_in_force | contract_in_force | plan_unchanged
            contract, pro: Cancel | contract_in_force | contract_in_force | contract_in_force | contract_in_force | Cancel
            contract, pro, past due: Cancel | contract_in_force | contract_in_force | contract_in_force | contract_in_force | Cancel
        "#]].assert_eq(&table);
    }

    #[test]
    fn cancellation_and_resumption() {
        let pro = of(Some(paying(Plan::Pro, Interval::Month)));
        let cancelled = of(Some(Subscription { cancel_at_period_end: true, ..paying(Plan::Pro, Interval::Month) }));
        // A second subscription renews although the current one was cancelled.
        let second = Billing { other_subscriptions: vec!["sub_2".to_owned()], ..cancelled.clone() };
        assert_eq!(cancel(&second, now()), Ok(OrderDecision::Cancel));
        assert_eq!(
            (cancel(&pro, now()), cancel(&cancelled, now())),
            (Ok(OrderDecision::Cancel), Ok(OrderDecision::Expected))
        );
        assert_eq!(
            (resume(&pro, now()), resume(&cancelled, now())),
            (Err(OrderError::Unchanged), Ok(OrderDecision::Keep))
        );
        assert_eq!(
            (cancel(&of(None), now()), resume(&of(None), now())),
            (Err(OrderError::NotSubscribed), Err(OrderError::NotSubscribed))
        );
    }

    #[test]
    fn pending_change_is_withdrawn_until_it_expires() {
        let waits = |end| Subscription {
            pending_change: pending(Plan::Business, end),
            cancel_at_period_end: true,
            ..paying(Plan::Pro, Interval::Month)
        };
        let (waiting, expired) = (of(Some(waits("2026-11-15T09:00:00Z"))), of(Some(waits("2026-11-15T00:00:00Z"))));
        assert_eq!(
            (cancel(&waiting, now()), resume(&waiting, now())),
            (Ok(OrderDecision::Cancel), Ok(OrderDecision::Keep))
        );
        assert_eq!(cancel(&expired, now()), Ok(OrderDecision::Expected));
    }

    #[test]
    fn upgrade_is_refused_shortly_before_a_scheduled_change() {
        let end: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let (last, first) = (end - UPGRADE_MARGIN, end - UPGRADE_MARGIN + SignedDuration::from_secs(1));
        let pro = || paying(Plan::Pro, Interval::Month);
        let to = |present, plan, now| change(&of(Some(present)), plan, None, now);
        let follows = |plan| Subscription { scheduled: Some((plan, Interval::Month)), ..pro() };
        let ends = || Subscription { cancel_at: Some(end), ..pro() };
        let business = Ok(OrderDecision::Now(Plan::Business, Interval::Month));
        for present in [follows(Plan::Starter), ends()] {
            assert_eq!(to(present.clone(), Plan::Business, last), business);
            assert_eq!(to(present.clone(), Plan::Business, first), Err(OrderError::ScheduledSoon));
            assert_eq!(to(present.clone(), Plan::Pro, first), Ok(OrderDecision::Keep));
            let pending_change = pending(Plan::Business, "2026-12-01T00:00:00Z");
            assert_eq!(to(Subscription { pending_change, ..present }, Plan::Business, first), business);
        }
        assert_eq!(to(Subscription { cancel_at_period_end: true, ..ends() }, Plan::Business, first), business);
        assert_eq!(to(follows(Plan::Business), Plan::Business, first), Ok(OrderDecision::Expected));
    }
}
